"""Reads a question: which standard or rule is it about, and is it covered at all?

`Reader` is the face that the engine sees. `PlainReader` is the plain search: it learns from the pack's own lines when the
program starts and needs nothing else. `bot.understanding.trained` has the better one.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol, Self

from bot.understanding.likeness import Likeness
from bot.understanding.words import squash, stem, tokens
from content import Pack

Decision = Literal["answer", "choose", "refuse"]
NOT_COVERED = "not-covered"
SEARCHED = 1.0  # the score of a standard that was asked for by its search word; nothing else is as sure
SOME = 4  # of the uncovered lines each so many-th is enough to tell a rule from: all would take a second more to start
_STANDARD = " standard"
_FRAME = re.compile(
    r" (what|whats|wat|does|do|is|are|which|tell me|show me)?( does| do| is| are| the| it| there| we| have| our| your)*"
    r" (standards?|rules?|policy|guidance|one|it)( is| are)?( say| says| said| cover| covers| that)?"
    r" (about|on|for|regarding|covers?|around|with|to do with) "
    r"| (what|whats|wots|which)( does| do| is| are)?( the| our)? standards?( says?| covers?| is)?( that| it| this| about it)? $"
)


@dataclass(frozen=True)
class Match:
    """A standard that may be meant; `score` is 0 to 1, how sure the reader is of it."""

    id: str
    score: float


@dataclass(frozen=True)
class Reading:
    """What a question is about. `standards` has three at most, best first; `entry` is the rule that answers it, if one does."""

    decision: Decision
    standards: tuple[Match, ...]
    entry: str | None = None

    @property
    def near(self) -> tuple[str, ...]:
        """The standards that may be meant, best first; none where nothing covers it."""
        return () if self.decision == "refuse" else tuple(match.id for match in self.standards)

    @property
    def searched(self) -> bool:
        """Whether the whole message is a search word of one standard."""
        return bool(self.standards) and self.standards[0].score == SEARCHED

    def to_json(self) -> dict[str, Any]:
        """Plain data; ids and figures alone."""
        return {"decision": self.decision, "standards": [[one.id, one.score] for one in self.standards], "entry": self.entry}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Reading":
        """The reading that `to_json` wrote."""
        return cls(data["decision"], tuple(Match(*one) for one in data["standards"]), data["entry"])


class Reader(Protocol):
    """Reads one question. Deterministic, offline, and quick enough to run inside a turn."""

    def read(self, text: str) -> Reading:
        """What the question is about, and whether to answer, to offer a choice or to refuse."""
        ...


class PlainReader:
    """Likeness to the pack's lines, with a class of its own for what no standard covers.

    The thresholds were set on messages of writers whose lines it had not seen: `refuse_below` keeps 94 of 100 covered
    questions, and above `answer_lead` the first standard is right in about 85 of 100.
    """

    refuse_below = 2.4
    answer_lead = 1.0
    entry_above = 14.0
    entry_alone = 20.0
    entry_lead = 4.0

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._entries = Likeness(_entry_lines(pack))
        self._keywords = _keywords(pack)

    @cached_property
    def _standards(self) -> Likeness:
        """Learned when first asked for: a trained reader needs only the rest."""
        return Likeness(_standard_lines(self._pack))

    def prepared(self) -> Self:
        """Itself, with everything learned: it is to read alone, and the first question shouldn't wait for that."""
        self._standards.scores("")
        return self

    def core(self, text: str) -> tuple[str, str]:
        """What is asked about, without "what does the standard say about"; and all of the words."""
        words = " ".join(word for word in tokens(text, self._pack.wordlist.slips) if word != ".")
        return _FRAME.sub(" ", f" {words} ").strip() or words, words

    def keyword(self, core: str) -> str | None:
        """The standard that a search word belongs to, where it belongs to one alone."""
        return self._keywords.get(_stems(core))

    def rule(self, core: str, words: str, likely: list[str]) -> str | None:
        """The rule that answers the question, if one clearly does and no standard is asked for by that name."""
        return None if _STANDARD in f" {words} " else self._entry(core, likely)

    def read(self, text: str) -> Reading:
        """See `Reader.read`."""
        core, words = self.core(text)
        scores = self._standards.scores(core)
        uncovered = scores.pop(NOT_COVERED, 0.0)
        ranked = sorted(scores, key=lambda label: -scores[label])[:3]
        if not ranked or not words:
            return Reading("refuse", ())
        if keyword := self.keyword(core):
            others = [label for label in ranked if label != keyword]
            return Reading("answer", (Match(keyword, SEARCHED), *(Match(label, 0.5) for label in others[:2])))
        standards = tuple(Match(label, _share(scores[label] - uncovered)) for label in ranked)
        if entry := self.rule(core, words, ranked):
            return Reading("answer", standards, entry)
        if scores[ranked[0]] - uncovered < self.refuse_below:
            return Reading("refuse", standards)
        lead = scores[ranked[0]] - scores[ranked[1]] if len(ranked) > 1 else self.answer_lead
        return Reading("answer" if lead >= self.answer_lead else "choose", standards)

    def _entry(self, text: str, likely: list[str]) -> str | None:
        """The rule that answers the text, if one clearly does."""
        scores = self._entries.scores(text)
        uncovered = scores.pop(NOT_COVERED, 0.0)
        ranked = sorted(scores, key=lambda label: -scores[label])[:2]
        if len(ranked) < 2:
            return None
        sure, lead = scores[ranked[0]] - uncovered, scores[ranked[0]] - scores[ranked[1]]
        wanted = self.entry_above if self._pack.entry_by_id[ranked[0]].standard in likely else self.entry_alone
        return ranked[0] if sure >= wanted and lead >= self.entry_lead else None


def _stems(text: str) -> str:
    return " ".join(stem(word) for word in text.split())


def _keywords(pack: Pack) -> dict[str, str]:
    """Search words that belong to one standard alone: `parking` needs no guessing."""
    owners: dict[str, set[str]] = {}
    for standard in pack.standards:
        for word in standard.words:
            owners.setdefault(_stems(squash(word)), set()).add(standard.id)
    return {words: ids.pop() for words, ids in owners.items() if len(ids) == 1}


def _share(lead: float) -> float:
    """A score between 0 and 1 from a lead over "not covered"."""
    return min(0.999, round(1 / (1 + math.exp(-lead / 1.5)), 3))


def _standard_lines(pack: Pack) -> Iterator[tuple[str, str, float]]:
    for standard in pack.standards:
        for line in (standard.title, standard.statement, *standard.do, *standard.dont, *standard.asks):
            yield standard.id, line, 1.0
        for word in standard.words:
            yield standard.id, word, 0.6
        for line in pack.lines(standard.id):
            yield standard.id, line, 1.0
    for line in pack.lines(NOT_COVERED):
        yield NOT_COVERED, line, 1.0


def _entry_lines(pack: Pack) -> Iterator[tuple[str, str, float]]:
    for entry in pack.entries:
        for line in (
            entry.title,
            entry.answer,
            entry.now,
            *(fact.fact for fact in entry.points),
            *entry.asks,
            *entry.asks,
        ):
            yield entry.id, line, 1.0
        for word in entry.words:
            yield entry.id, word, 1.0
    for line in pack.lines(NOT_COVERED)[::SOME]:
        yield NOT_COVERED, line, 0.3 * SOME
