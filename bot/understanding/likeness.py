"""How alike is a message to each class of examples? A naive Bayes of the complement kind over words, pairs and letters.

After Rennie and others, "Tackling the poor assumptions of naive Bayes text classifiers" (2003): for each class the log odds
of a feature inside against outside it, idf-weighted, the sum divided by the length of the message. It needs no learned file,
learns 9,000 lines in under a second and answers in a fraction of a millisecond. Letter groups make it forgive slips.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.understanding.words import stem

_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(
    "a an the is are was were be been am i im ive me my we our us you your he she it its they them their his her to of in on "
    "at for with and or but so if do does did can could would should will just that this there what whats when who how has "
    "have had not no get got".split(" ")
)
_SMOOTHING = 0.1
_LETTERS = (3, 4)


@lru_cache(maxsize=16)  # a turn asks for the same text more than once
def features(text: str) -> dict[str, float]:
    """Words (small ones at half weight), pairs of words, and groups of three and four letters, with their weights."""
    words = _WORD.findall(text.lower().replace("’", "").replace("'", ""))
    stems = [stem(word) for word in words]
    found: dict[str, float] = defaultdict(float)
    for word in stems:
        found[word] += 0.5 if word in _SMALL else 1.0
    for first, second in pairwise(stems):
        found[f"{first} {second}"] += 0.7
    for word in words:
        edged = f"^{word}$"
        for size in _LETTERS:
            for start in range(len(edged) - size + 1):
                found["~" + edged[start : start + size]] += 0.35
    return found


class Likeness:
    """Learned from `(class, text, weight)` lines; tells for each class how much more like it than unlike a text is."""

    def __init__(self, lines: Iterable[tuple[str, str, float]]) -> None:
        counts: dict[str, dict[str, float]] = {}
        seen: dict[str, int] = defaultdict(int)
        total_lines = 0
        classes: set[str] = set()
        for label, text, weight in lines:
            total_lines += 1
            classes.add(label)
            for feature, value in features(text).items():
                seen[feature] += 1
                row = counts.setdefault(feature, {})
                row[label] = row.get(label, 0.0) + weight * math.log1p(value)
        self.classes = tuple(sorted(classes))
        self._index = {label: number for number, label in enumerate(self.classes)}
        self._counts = counts
        self._idf = {feature: math.log((total_lines + 1) / (times + 1)) + 1 for feature, times in seen.items()}
        self._mass = dict.fromkeys(self.classes, 0.0)
        for feature, row in counts.items():
            for label, value in row.items():
                self._mass[label] += value * self._idf[feature]
        self._whole = np.array([self._mass[label] for label in self.classes])
        self._all = float(self._whole.sum())
        self._odds: dict[str, NDArray[np.float64]] = {}

    def _row(self, feature: str) -> NDArray[np.float64] | None:
        """Log odds of a feature for every class; worked out when first asked for."""
        if (odds := self._odds.get(feature)) is not None:
            return odds
        row = self._counts.get(feature)
        if row is None:
            return None
        idf, room = self._idf[feature], _SMOOTHING * len(self._counts)
        here = np.array([row.get(label, 0.0) for label in self.classes]) * idf
        everywhere = sum(row.values()) * idf
        inside = (here + _SMOOTHING) / (self._whole + room)
        outside = (everywhere - here + _SMOOTHING) / (self._all - self._whole + room)
        odds = self._odds[feature] = np.log(inside / outside)
        return odds

    def scores(self, text: str) -> dict[str, float]:
        """Likeness to each class; comparable between messages of any length. Empty text scores 0 everywhere."""
        totals = np.zeros(len(self.classes))
        length = 0.0
        for feature, value in features(text).items():
            length += value * value
            if (row := self._row(feature)) is not None:
                totals += value * row
        found = totals / (math.sqrt(length) or 1.0)
        return dict(zip(self.classes, found.tolist(), strict=True))
