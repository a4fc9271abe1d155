"""What the bot remembers of one person in one conversation between two turns. Small, and nothing that names anyone."""

from dataclasses import dataclass, replace
from typing import Any

TRAIL = 12


@dataclass(frozen=True)
class Dialogue:
    """Where the person is, how they came there, and what the bot is waiting for.

    `place` is the command that makes the latest card again and `options` are that card's buttons (label, command).
    `awaiting` names the skill whose question is open; `asked` is the question that found no answer, for a trainer;
    `undo` is the command that takes the last change back; `visit` is the visit that is under way,
    `photos` are those that nobody has said anything of yet.
    """

    place: str | None = None
    trail: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    awaiting: str | None = None
    asked: str | None = None
    undo: str | None = None
    visit: int | None = None
    photos: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data for storage."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> "Dialogue":
        """The dialogue that `to_json` wrote; a new one for None."""
        if not data:
            return cls()
        options = tuple((label, says) for label, says in data["options"])
        return cls(**{**data, "trail": tuple(data["trail"]), "options": options, "photos": tuple(data.get("photos", ()))})

    def moved(self, place: str, options: tuple[tuple[str, str], ...], trail: tuple[str, ...]) -> "Dialogue":
        """The dialogue after a card that is a place."""
        return replace(self, place=place, options=options, trail=trail[-TRAIL:])
