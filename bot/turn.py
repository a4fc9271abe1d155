"""What comes in. Every platform's message, tap, command or event becomes a `Turn`; nothing behind this knows the platform."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["text", "choice", "event"]
Event = Literal["home", "joined", "left", "removed"]


@dataclass(frozen=True)
class Choice:
    """A tap: which card, which revision of it the person saw, and which of its buttons, counted from 0.

    `fields` is what was put into the card's fields, or into the dialog that the button opened.
    """

    card: str
    revision: int
    option: int
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Attachment:
    """A photo that the platform holds: where, and whether fetching it wants the bot's own token."""

    url: str
    signed: bool


@dataclass(frozen=True)
class Turn:
    """One inbound message of one person.

    `event_id` is the platform's id of this delivery and `semantic_key` names the same human act however often and under
    whatever id it is delivered; both are unique within the tenant. `address` is the platform's own note on where and how
    to answer; only that platform's sender reads it. `reach` is such a note for writing to the person unasked, where this is
    their own chat. `editable` says that the tapped card can be changed where it stands. `echo_key` is for a platform that may
    send a message again under a new id, looking like a person who repeats themselves; see `storage.inbox`. `attachments`
    wait to be fetched; `photos` are kept, by their ids, and `lost` is how many could not be. `removed` names what the privacy
    guard took out of the words; what they meant before that is in `meant`, as ids alone.
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
    reach: dict[str, Any] | None = None
    echo_key: str | None = None
    attachments: tuple[Attachment, ...] = ()
    photos: tuple[str, ...] = ()
    lost: int = 0
    removed: tuple[str, ...] = ()
    meant: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain data for the inbox."""
        choice = dict(vars(self.choice)) if self.choice else None
        attachments = [[one.url, one.signed] for one in self.attachments]
        return {
            **vars(self), "received_at": self.received_at.isoformat(), "choice": choice, "attachments": attachments,
            "photos": list(self.photos), "removed": list(self.removed),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Turn":
        """The turn that `to_json` wrote."""
        choice = Choice(**data["choice"]) if data["choice"] else None
        roles = tuple(data["roles"]) if data["roles"] is not None else None
        received_at = datetime.fromisoformat(data["received_at"])
        attachments = tuple(Attachment(url, signed) for url, signed in data["attachments"])
        changed = {"choice": choice, "roles": roles, "received_at": received_at, "attachments": attachments}
        return cls(**{**data, **changed, "photos": tuple(data["photos"]), "removed": tuple(data["removed"])})
