"""What comes in. Every platform's message, tap, command or event becomes a `Turn`; nothing behind this knows the platform."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["text", "choice", "event"]
Event = Literal["home", "joined", "removed"]


@dataclass(frozen=True)
class Choice:
    """A tap: which card, which revision of it the person saw, and which of its buttons, counted from 0."""

    card: str
    revision: int
    option: int


@dataclass(frozen=True)
class Turn:
    """One inbound message of one person.

    `event_id` is the platform's id of this delivery and `semantic_key` names the same human act however often and under
    whatever id it is delivered; both are unique within the tenant. `address` is the platform's own note on where and how
    to answer; only that platform's sender reads it. `editable` says that the tapped card can be changed where it stands.
    """

    platform: str
    tenant: str
    person: str
    conversation: str
    event_id: str
    received_at: datetime
    kind: Kind = "text"
    text: str = ""
    choice: Choice | None = None
    event: Event | None = None
    direct: bool = True
    editable: bool = False
    semantic_key: str | None = None
    roles: tuple[str, ...] | None = None
    address: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain data for the inbox."""
        choice = self.choice and {"card": self.choice.card, "revision": self.choice.revision, "option": self.choice.option}
        return {**vars(self), "received_at": self.received_at.isoformat(), "choice": choice}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Turn":
        """The turn that `to_json` wrote."""
        choice = Choice(**data["choice"]) if data["choice"] else None
        roles = tuple(data["roles"]) if data["roles"] is not None else None
        received_at = datetime.fromisoformat(data["received_at"])
        return cls(**{**data, "choice": choice, "roles": roles, "received_at": received_at})
