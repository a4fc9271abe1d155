"""What somebody reports: which category, where, whether Awaab's Law may bear on it, whether the resident wants to complain.

The categories and their words stand in the pack (`issues.yaml`). The words decide alone where nothing was learned; where
there is a head, they weigh in beside it. Nothing here decides what a hazard is: that is the landlord's business.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.understanding.head import Head
from bot.understanding.patterns import compile_lines, heard
from bot.understanding.places import Where, where
from content import Category, Pack

WORD, WORDS_MOST = 2.5, 2
AHEAD = 0.75
USUAL, WORST = "RP-NEW", "P1"
_UNHAPPY = re.compile(
    r" (complain\w*|fuming|furious|unhappy|not happy|disgust\w*|disgrace\w*|fed up|angry|livid|annoyed|upset|dissatisfied|"
    r"ombudsman|moan\w*|(third|3rd|fourth|4th|second|2nd) (time|visit)|nobody (came|come|rang|turned up|has come)|"
    r"no one (came|come|rang|turned up)|(been )?(waiting|leaking|like this) (for )?(\w+ )?(weeks|months|years)|months nobody|"
    r"kicking off|day off (work )?wasted|missed appointment\w*|let down|taken further|wants? it in writing|not good enough|"
    r"shocking service|sick of|stage (1|2|one|two)) "
)
_PARTS = re.compile(
    r"\s*(?:\n+|;|\.\s+(?=[A-Za-z])|,? and also |,? also |,? plus |,? and (?=(?:the|a|there|her|his)\b))\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Report:
    """One thing that was reported.

    `sure` is how far the category is ahead of the next, .5 to 1; `worse` whether something is said that makes it P1.
    """

    category: Category
    where: Where
    complaint: bool
    sure: float
    worse: bool = False

    @property
    def priority(self) -> str:
        """The category's, or P1 where it is worse than usual."""
        return WORST if self.worse else self.category.priority

    @property
    def awaab(self) -> bool:
        """Whether Awaab's Law may bear on it; the landlord decides."""
        return any(clock.startswith("awaab") for clock in self.category.clocks)


class Reporter:
    """Reads reports with a pack's categories."""

    def __init__(self, pack: Pack, head: Head | None = None) -> None:
        self._head = head
        self._slips = head.spelling if head else pack.wordlist.slips
        self._words = [(category, compile_lines(category.words, pack.wordlist.sets)) for category in pack.categories]
        self._worse = {
            category.code: words for category in pack.categories if (words := compile_lines(category.worse, pack.wordlist.sets))
        }
        self._by_code = {category.code: category for category in pack.categories}

    def read(self, text: str) -> Report | None:
        """The one thing that is reported; None for a pack without categories."""
        if not self._words:
            return None
        said = heard(text, self._slips)
        scores = self._scores(text, said)
        best, second = sorted(scores, key=lambda code: -scores[code])[:2] if len(scores) > 1 else [*scores, *scores]
        category = self._by_code[best]
        unhappy = (bool(_UNHAPPY.search(said)) and category.priority != "info") or best == "SV-CMPL"
        sure = 1 / (1 + math.exp(scores[second] - scores[best]))
        return Report(category, where(text), unhappy, sure, self.is_worse(category, text))

    def is_worse(self, category: Category, text: str) -> bool:
        """Whether the text says something that makes a report of this category P1."""
        words = self._worse.get(category.code)
        return words is not None and bool(words.search(heard(text, self._slips)))

    def read_all(self, text: str) -> list[Report]:
        """Each thing that is reported, where a message holds several of different kinds; they share the place."""
        whole = self.read(text)
        if whole is None:
            return []
        parts = [part for part in _PARTS.split(text) if len(part.split()) >= 2]
        found = [report for part in parts if (report := self.read(part)) and report.sure >= AHEAD] if len(parts) > 1 else []
        if len({report.category.code for report in found}) < 2:
            return [whole]
        shared = whole.where
        return [
            Report(one.category, Where(one.where.place or shared.place, one.where.postcode or shared.postcode, one.where.room),
                   one.complaint, one.sure, one.worse)
            for one in {report.category.code: report for report in reversed(found)}.values()
        ][::-1]  # fmt: skip

    def _scores(self, text: str, said: str) -> Mapping[str, float]:
        learned = self._head.scores(text).issue if self._head else {}
        usual = {code: 0.5 if code == USUAL else 0.0 for code in self._by_code}
        scores = {code: math.log(learned.get(code, 0.0) + 1e-3) if learned else usual[code] for code in self._by_code}
        for category, words in self._words:
            if words:
                hits = sum(1 for _, _ in zip(words.finditer(said), range(WORDS_MOST), strict=False))
                scores[category.code] += WORD * hits
        return scores
