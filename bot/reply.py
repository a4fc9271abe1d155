"""What goes out: cards in neutral words. A platform's renderer turns them into blocks, and `plain` into the text twin.

A card is a title, a few blocks, and buttons. Every button says something that can also be typed: `says` is that text, so a
tap and a typed line are the same thing to the engine, and a card without buttons loses nothing.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

BlockKind = Literal["say", "quote", "do", "dont", "points", "note", "caution", "photo", "chart"]
Style = Literal["plain", "primary", "danger"]


@dataclass(frozen=True)
class Block:
    """One part of a card: a paragraph (`text`) or a list (`items`). `caution` always stands first.

    A `photo` has its caption as text and its id as the only item: whoever sends the card finds the picture by it. A `chart`
    says as text what it shows; its items are what the bars mean and the bars: `|Came in|Closed`, `Mon 23|5|2`.
    """

    kind: BlockKind
    text: str = ""
    items: tuple[str, ...] = ()

    @property
    def picture(self) -> str | None:
        """The name by which its picture is found; None for a block of words."""
        return self.items[0] if self.kind == "photo" else "\n".join(self.items) if self.kind == "chart" else None


LABEL = 25


def label(text: str) -> str:
    """A text as a button's label: whole words, as many as fit."""
    return text if len(text) <= LABEL else text[: LABEL - 1].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True)
class Button:
    """A label of at most 25 characters, and the text that does the same when typed. `hint` is for screen readers.

    A `{name}` in `says` stands for what the person put into the card's field of that name. `form` says that the button leads
    to a card with fields, so that a platform may open it as a dialog.
    """

    label: str
    says: str
    style: Style = "plain"
    hint: str = ""
    form: bool = False

    @property
    def fills(self) -> bool:
        """Whether it sends what was put into the card's fields."""
        return "{" in self.says


@dataclass(frozen=True)
class Field:
    """A box to type into, on a card. `hint` is an example, shown while it is empty."""

    name: str
    label: str
    hint: str = ""
    longest: int = 500


@dataclass(frozen=True)
class Card:
    """One idea on one phone screen. An `urgent` card is sent before all others and never folded into a receipt."""

    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    footer: str = ""
    urgent: bool = False
    fields: tuple[Field, ...] = ()

    @property
    def headline(self) -> str:
        """The first line: what a notification shows. At most 150 characters."""
        first = next((block.text or block.items[0] for block in self.blocks if block.text or block.items), "")
        line = f"{self.title}: {first}" if first else self.title
        return line if len(line) <= 150 else line[:149].rsplit(" ", 1)[0] + "…"

    def to_json(self) -> dict[str, Any]:
        """Plain data for the outbox."""
        return {
            "title": self.title,
            "blocks": [[block.kind, block.text, list(block.items)] for block in self.blocks],
            "buttons": [[one.label, one.says, one.style, one.hint, one.form] for one in self.buttons],
            "footer": self.footer,
            "urgent": self.urgent,
            "fields": [[field.name, field.label, field.hint, field.longest] for field in self.fields],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Card":
        """The card that `to_json` wrote."""
        return cls(
            title=data["title"],
            blocks=tuple(Block(kind, text, tuple(items)) for kind, text, items in data["blocks"]),
            buttons=tuple(Button(*button) for button in data["buttons"]),
            footer=data["footer"],
            urgent=data["urgent"],
            fields=tuple(Field(*field) for field in data.get("fields", ())),
        )


@dataclass(frozen=True)
class Post:
    """A card on its way out. `place` is the command that makes it again; without one, the person stays where they were."""

    card: Card
    place: str | None = None
    trail: tuple[str, ...] = ()
    in_place: bool = False


@dataclass(frozen=True)
class Notice:
    """A card for somebody else, in their own chat. One with the same `key` that they have already is edited in place.

    `once`: one of very many, where seeing it twice is worse than missing it.
    """

    person_id: int
    key: str
    card: Card
    place: str | None = None
    once: bool = False


@dataclass(frozen=True)
class Reply:
    """Everything that one turn says; empty when the turn wants no answer. `home` is a card for the app's home screen."""

    posts: tuple[Post, ...] = ()
    home: Card | None = None


@dataclass(frozen=True)
class Issued:
    """A card with its identity: what a renderer puts on the buttons, so that a tap finds its way back."""

    card: Card
    id: str = ""
    revision: int = 0
    home: bool = False
    action: str = field(default="send")

    def value(self, option: int) -> str:
        """The opaque value of a button: card, revision and option."""
        return f"{self.id}.{self.revision}.{option}"
