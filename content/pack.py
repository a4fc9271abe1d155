"""The shape of a pack: what each file holds, how long a text may be, and what the loaded whole can be asked.

The limits are those of a phone: a card is read in one glance with gloves on. Fields that a person sees are plain text
without any markup.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, time
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=48)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=180)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=260)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9.-]{0,31}$")]
Example = tuple[str, str]
"""The hand that wrote a line, and the line."""

Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+(\.\d+)?$")]


class Part(BaseModel):
    """One frozen piece of a pack; an unknown field is a fault, not a silent nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def fingerprint(self, *, leave_out: frozenset[str] = frozenset()) -> str:
        """SHA-256 of the words a person sees, the same on every machine."""
        words = self.model_dump(mode="json", exclude=set(leave_out))
        return hashlib.sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Source(Part):
    """Where a fact comes from, when it was last checked there and when it must be checked again."""

    id: Id
    name: Title
    where: Line
    checked: date
    review: date


class Fact(Part):
    """One statement about the world outside the pack. `unsure` facts are always shown as not settled."""

    fact: Sentence
    source: Id
    unsure: bool = False


class Theme(Part):
    """One of the headings the standards stand under."""

    id: Id
    name: Title
    promise: Sentence
    culture: Sentence


class StandardText(Part):
    """The words of a standard, as they were between two dates."""

    version: Version
    since: date
    title: Title
    statement: Sentence
    do: tuple[Line, ...] = Field(min_length=1, max_length=6)
    dont: tuple[Line, ...] = Field(min_length=1, max_length=6)
    culture: Line
    say: Sentence
    sight: tuple[Fact, ...] = Field(min_length=1, max_length=6)


class Standard(StandardText):
    """A standard as it reads today, what leads to it, and how it read before."""

    id: Id
    theme: Id
    related: tuple[Id, ...] = ()
    words: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    earlier: tuple[StandardText, ...] = ()

    def on(self, day: date) -> StandardText | None:
        """The wording in force on `day`, or None when there was none yet."""
        wordings = sorted([self, *self.earlier], key=lambda wording: wording.since, reverse=True)
        return next((wording for wording in wordings if wording.since <= day), None)

    def first_since(self) -> date:
        """The day of the first wording."""
        return min(wording.since for wording in [self, *self.earlier])


class Call(Part):
    """A number to ring."""

    name: Title
    number: Annotated[str, StringConstraints(pattern=r"^[0-9 ]{3,14}$")]
    source: Id
    unsure: bool = False


class SafetyCard(Part):
    """A life-safety card: fixed words that come before everything else, and the words that fire it."""

    id: Id
    version: Version
    since: date
    title: Title
    urgency: int = Field(ge=1, le=99)
    first: tuple[Line, ...] = Field(min_length=2, max_length=6)
    caution: Line
    more: tuple[Sentence, ...] = Field(min_length=1, max_length=8)
    call: tuple[Call, ...] = ()
    sources: tuple[Id, ...] = Field(min_length=1)
    standard: Id | None = None
    names: tuple[str, ...] = ()
    danger: tuple[str, ...] = Field(min_length=1)
    possible: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Entry(Part):
    """A rule that someone on site asks about: the answer, the facts behind it, what to do now, and whose standard it is."""

    id: Id
    version: Version
    since: date
    title: Title
    answer: Sentence
    points: tuple[Fact, ...] = Field(min_length=1, max_length=8)
    now: Sentence
    standard: Id
    words: tuple[str, ...] = ()
    asks: tuple[str, ...] = Field(min_length=2)


class Category(Part):
    """A kind of thing that is reported. `words` are patterns as in a safety card; `clocks` name what the law puts on it.

    Words of `worse` make it P1, whatever its usual priority.
    """

    code: Id
    name: Title
    priority: Annotated[str, StringConstraints(pattern=r"^(P[1-4]|today|info)$")]
    restricted: bool = False
    phone: bool = False
    clocks: tuple[Id, ...] = ()
    worse: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Clock(Part):
    """A due time that law or a code sets: how long after what, what must have happened, and the rule that says so.

    One with `words` runs where a report holds them, in the `months` it names, for contracts whose `setting` is on.
    """

    id: Id
    name: Title
    since: date
    starts: Annotated[str, StringConstraints(pattern=r"^(reported|investigated|acknowledged|escalated)$")]
    hours: int | None = None
    working_days: int | None = None
    weeks: int | None = None
    what: Sentence
    rule: Id
    unsure: bool = False
    words: tuple[str, ...] = ()
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    setting: Annotated[str, StringConstraints(pattern=r"^right_to_repair$")] | None = None


class Campaign(Part):
    """Tips that come one after another: a standard each, every so many days, at that hour of the contract's own time."""

    id: Id
    name: Title
    every_days: int = Field(ge=1, le=60)
    at: time
    standards: tuple[Id, ...] = Field(min_length=1)


class Item(Part):
    """One line of a checklist, answered Yes, No or N/A. A `stop` can't be tapped away while the answer is No.

    `no` is what to do then. `only` names the flag of a visit without which the line isn't asked.
    """

    id: Id
    ask: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    short: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    standard: Id
    no: Line
    words: tuple[str, ...] = ()
    stop: bool = False
    only: Annotated[str, StringConstraints(pattern=r"^(keysafe|pair|language)$")] | None = None


class Checklist(Part):
    """A short check around a visit. `ready` is the sentence for the doorstep; `words` choose this one when typed.

    `trade` is what those are called who do such visits: a tip may be sent to them.
    """

    id: Id
    version: Version
    since: date
    name: Title
    ready: Line
    words: tuple[str, ...] = ()
    trade: tuple[str, ...] = ()
    items: tuple[Item, ...] = Field(min_length=3, max_length=10)


class Language(Part):
    """A language heard on site: words that tell it, danger phrases by safety card, and a polite line in it."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    name: Title
    words: tuple[str, ...] = Field(min_length=5)
    line: Sentence
    danger: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class About(Part):
    """What the pack is, and what it is not."""

    id: Id
    name: Title
    version: Version
    published: date
    about: Paragraph
    culture: Sentence


class Wordlist(Part):
    """Words that mean the same, for the danger words; common slips with what was meant; words that nothing is mended into."""

    sets: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    slips: Mapping[str, str] = Field(default_factory=dict)
    never_into: tuple[str, ...] = ()


class Pack(Part):
    """The whole content, loaded and checked."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    about: About
    themes: tuple[Theme, ...]
    standards: tuple[Standard, ...]
    cards: tuple[SafetyCard, ...]
    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    phrases: Mapping[str, str]
    wordlist: Wordlist
    examples: Mapping[str, tuple[Example, ...]]
    categories: tuple[Category, ...] = ()
    clocks: tuple[Clock, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    languages: tuple[Language, ...] = ()
    hash: str

    @cached_property
    def by_id(self) -> Mapping[str, Standard]:
        """Standards by id in capitals."""
        return {standard.id.upper(): standard for standard in self.standards}

    @cached_property
    def checklist_by_id(self) -> Mapping[str, Checklist]:
        """Checklists by id."""
        return {checklist.id: checklist for checklist in self.checklists}

    @cached_property
    def card_by_id(self) -> Mapping[str, SafetyCard]:
        """Safety cards by id."""
        return {card.id: card for card in self.cards}

    @cached_property
    def entry_by_id(self) -> Mapping[str, Entry]:
        """Reference entries by id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def theme_by_id(self) -> Mapping[str, Theme]:
        """Themes by id in capitals."""
        return {theme.id.upper(): theme for theme in self.themes}

    def written(self, label: str) -> tuple[Example, ...]:
        """The example messages of a standard, a card, `not-covered`, `intents/…` or `issues/…`, with who wrote them."""
        return self.examples.get(label, ())

    def lines(self, label: str) -> tuple[str, ...]:
        """The example messages alone."""
        return tuple(line for _, line in self.written(label))

    def under(self, theme: Theme) -> tuple[Standard, ...]:
        """The standards of a theme, in the pack's order."""
        return tuple(standard for standard in self.standards if standard.theme == theme.id)
