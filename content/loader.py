"""Loads a pack folder into a `Pack`, or says everything that keeps it from being one.

What a customer's own pack doesn't bring, the shipped pack lends: safety cards, the bot's sentences, danger words and sources.
Themes, standards and reference entries are never mixed.
"""

import hashlib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from content.faults import Fault, PackError
from content.located import Located, read_yaml
from content.pack import (
    About,
    Campaign,
    Category,
    Checklist,
    Clock,
    Entry,
    Example,
    Item,
    Language,
    Pack,
    Part,
    SafetyCard,
    Source,
    Standard,
    Theme,
    Wordlist,
)

SHIPPED = Path(__file__).parent / "packs" / "doorstep"
P = TypeVar("P", bound=Part)


class Reader:
    """Reads the files of one folder and collects the faults on the way. Keeps each file's lines for later checks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.files: dict[str, Located] = {}

    def yaml(self, name: str) -> Located:
        """One file's data with its lines."""
        located = read_yaml(self.folder / name, name)
        self.faults += located.faults
        self.files[name] = located
        return located

    def part(self, kind: type[P], located: Located, data: Any = None, at: tuple[str | int, ...] = ()) -> P | None:
        """The data as a `kind`, or None with a fault for each reason."""
        try:
            return kind.model_validate(located.data if data is None else data)
        except ValidationError as error:
            for detail in error.errors():
                self.faults.append(_fault(kind, located, at, detail))
            return None

    def folder_of(self, kind: type[P], name: str) -> list[tuple[str, P]]:
        """Every file of a sub-folder as a `kind`, in file order, with the file's name."""
        found = []
        for path in sorted((self.folder / name).glob("*.yaml")):
            file = f"{name}/{path.name}"
            located = self.yaml(file)
            if located.faults:
                continue
            if part := self.part(kind, located):
                found.append((file, part))
        return found

    def list_of(self, kind: type[P], name: str) -> list[P]:
        """The list in one file as a list of `kind`."""
        if not (self.folder / name).exists():
            return []
        located = self.yaml(name)
        if not isinstance(located.data, list):
            self.faults.append(located.fault((), f"{name} must be a list.", "start each item with a dash."))
            return []
        parts = [self.part(kind, located, item, (number,)) for number, item in enumerate(located.data)]
        return [part for part in parts if part]

    def table(self, name: str) -> dict[str, Any]:
        """The mapping in one file; empty when there is no such file."""
        if not (self.folder / name).exists():
            return {}
        data = self.yaml(name).data
        return data if isinstance(data, dict) else {}


def _fault(kind: type[Part], located: Located, at: tuple[str | int, ...], detail: ErrorDetails) -> Fault:
    path = (*at, *detail["loc"])
    name = ".".join(str(step) for step in detail["loc"]) or "this file"
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return located.fault(path, f"`{name}` is missing.", f"add `{detail['loc'][-1]}: …`.")
        case "extra_forbidden":
            near = get_close_matches(str(detail["loc"][-1]), list(kind.model_fields), 1)
            return located.fault(path, f"`{name}` is not a field of this file.", f"{_meant(near)}.")
        case "string_too_long":
            over = len(str(detail["input"])) - int(context["max_length"])
            what = f"`{name}` is longer than a phone card holds ({context['max_length']} characters)."
            return located.fault(path, what, f"cut {over} characters.")
        case "string_pattern_mismatch":
            return located.fault(path, f"`{name}` has a form that isn't allowed.", f"make it match {context['pattern']}.")
        case "string_type":
            return located.fault(path, f"`{name}` must be text.", "put it in quotes.")
        case "too_short" | "string_too_short":
            return located.fault(path, f"`{name}` is empty or too short.", "fill it in.")
        case "too_long":
            return located.fault(path, f"`{name}` has too many items for a phone card.", f"keep {context['max_length']}.")
    return located.fault(path, f"`{name}`: {detail['msg']}.", "see the pack format in content/PACK.md.")


def _meant(near: list[str]) -> str:
    return f"did you mean `{near[0]}`" if near else "remove it, or see content/PACK.md for the fields"


def read_examples(folder: Path) -> dict[str, tuple[Example, ...]]:
    """The example messages by label, each with the hand that wrote it.

    `examples/standards/RR2.txt` holds one a line; a line that starts with `## ` names the hand, other `#` lines are for
    readers. Labels of intents and of issues say so, as `intents/help`, because a standard's id may be any word.
    """
    found: dict[str, tuple[Example, ...]] = {}
    for path in sorted((folder / "examples").glob("**/*.txt")):
        hand, lines = "", []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                hand = line.removeprefix("## ").strip() if line.startswith("## ") else hand
            elif line.strip():
                lines.append((hand, line.strip()))
        kind = path.parent.name
        found[f"{kind}/{path.stem}" if kind in ("intents", "issues") else path.stem] = tuple(lines)
    return found


def fingerprint(*parts: Part) -> str:
    """One SHA-256 over many parts, in their order."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.fingerprint().encode())
    return total.hexdigest()


def read_pack(folder: Path) -> tuple[Pack | None, Reader]:
    """Read a folder; the pack is None when something in it can't be used at all, and the reader holds the faults."""
    reader = Reader(folder)
    if not (folder / "pack.yaml").is_file():
        reader.faults.append(Fault("pack.yaml", 1, f"There is no pack in {folder}.", "point at a folder with a pack.yaml."))
        return None, reader
    about = reader.part(About, reader.yaml("pack.yaml"))
    themes = reader.list_of(Theme, "themes.yaml")
    standards = [part for _, part in reader.folder_of(Standard, "standards")]
    cards = [part for _, part in reader.folder_of(SafetyCard, "cards")]
    entries = [part for _, part in reader.folder_of(Entry, "reference")]
    checklists = [part for _, part in reader.folder_of(Checklist, "checklists")]
    sources = reader.list_of(Source, "sources.yaml")
    phrases = {str(key): str(value).strip() for key, value in reader.table("phrases.yaml").items()}
    wordlist = reader.part(Wordlist, reader.yaml("words.yaml")) if (folder / "words.yaml").exists() else Wordlist()
    if about is None or wordlist is None:
        return None, reader
    order = {theme.id: number for number, theme in enumerate(themes)}
    standards.sort(key=lambda standard: (order.get(standard.theme, len(order)), len(standard.id), standard.id))
    cards.sort(key=lambda card: card.urgency)
    pack = Pack.model_construct(
        about=about,
        themes=tuple(themes),
        standards=tuple(standards),
        cards=tuple(cards),
        entries=tuple(entries),
        sources={source.id: source for source in sources},
        phrases=phrases,
        wordlist=wordlist,
        examples=read_examples(folder),
        categories=tuple(reader.list_of(Category, "issues.yaml")),
        clocks=tuple(reader.list_of(Clock, "clocks.yaml")),
        campaigns=tuple(reader.list_of(Campaign, "campaigns.yaml")),
        checklists=tuple(checklists),
        languages=tuple(reader.list_of(Language, "languages.yaml")),
        hash=fingerprint(about, *themes, *standards, *cards, *entries, *checklists),
    )
    return pack, reader


def lend(pack: Pack, lender: Pack) -> Pack:
    """The pack, with what it doesn't bring taken from the shipped one. Pointers to standards it hasn't got are dropped."""
    cards = pack.cards or tuple(
        card if (card.standard or "") in pack.by_id else card.model_copy(update={"standard": None}) for card in lender.cards
    )
    wordlist = Wordlist.model_construct(
        sets={**lender.wordlist.sets, **pack.wordlist.sets}, slips={**lender.wordlist.slips, **pack.wordlist.slips}
    )
    kept = {
        label: lines
        for label, lines in lender.examples.items()
        if "/" in label or label in ("not-covered", *lender.card_by_id, "NONE")
    }
    return Pack.model_construct(
        about=pack.about,
        themes=pack.themes,
        standards=pack.standards,
        cards=cards,
        entries=pack.entries,
        sources={**lender.sources, **pack.sources},
        phrases={**lender.phrases, **pack.phrases},
        wordlist=wordlist,
        examples={**kept, **pack.examples},
        categories=pack.categories or lender.categories,
        clocks=pack.clocks or lender.clocks,
        languages=pack.languages or lender.languages,
        checklists=pack.checklists or _fitting(pack, lender),
        hash=pack.hash,
    )


def _fitting(pack: Pack, lender: Pack) -> tuple[Checklist, ...]:
    """The lender's checklists; an item whose standard the pack hasn't got leans on one of the same theme, or on the first."""

    def own(item: Item) -> Item:
        if item.standard in pack.by_id or not pack.standards:
            return item
        near = next((one.id for one in pack.standards if one.id[:2] == item.standard[:2]), pack.standards[0].id)
        return item.model_copy(update={"standard": near})

    return tuple(one.model_copy(update={"items": tuple(own(item) for item in one.items)}) for one in lender.checklists)


def load_pack(folder: Path = SHIPPED) -> Pack:
    """Load a pack for use.

    Raises:
        PackError: something in it can't be used. Style faults (a review date gone by, a long word) don't stop a start;
            `doorstep content check` lists those too.
    """
    pack, reader = read_pack(folder)
    if pack is None or reader.faults:
        raise PackError(reader.faults)
    return pack if folder == SHIPPED else lend(pack, load_pack(SHIPPED))
