"""Where to draw the lines between answer, choice and refusal, and between card, caution and nothing.

All are set on the scores of lines whose writers the scoring head had not learned from. `learning.unseen` makes those.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.learning import HARMLESS, NOT_COVERED, Lesson, Matrix
from bot.understanding.neighbours import softmax

KEPT = 0.955  # of the covered questions, at the least, aren't refused
RIGHT = 0.85  # of the questions that are answered straight off have the right standard first
CARDS, CAUTIONS = 0.05, 0.12  # of the messages that only look like a danger may get a card, or that or a caution, by the head
LOUDER = 0.6  # of what the loudest clause is louder than the whole
LINES = (KEPT, RIGHT, CARDS, CAUTIONS, LOUDER)
PLAIN = {"refuse": 0.0, "answer": 0.5, "card": 1.0, "caution": 0.2}


def cuts_of(lesson: Lesson, unseen: Matrix) -> dict[str, float]:
    """The four thresholds, as `decide` and `danger_of` use them; cautious ones where there is too little to set them by."""
    seen = ~np.isnan(unseen[:, 0])
    topic, danger = (_chances(lesson, unseen, group) for group in ("topic", "danger"))
    covered = np.array([row.topic not in (None, NOT_COVERED) for row in lesson.rows]) & seen
    alike = np.array([row.looks_dangerous for row in lesson.rows]) & seen
    cuts = dict(PLAIN)
    names = lesson.classes["topic"]
    if covered.sum() >= 100 and NOT_COVERED in names:
        sure = _odds(1 - topic[:, names.index(NOT_COVERED)])
        cuts["refuse"] = float(np.quantile(sure[covered], 1 - KEPT))
        cuts["answer"] = _answer_cut(lesson, topic, np.flatnonzero(covered & (sure >= cuts["refuse"])))
    names = lesson.classes["danger"]
    if alike.sum() >= 100 and HARMLESS in names:
        alarm = _with_clauses(lesson, _odds(1 - danger[:, names.index(HARMLESS)]))[alike]
        hands = [row.hand for row, one in zip(lesson.rows, alike, strict=True) if one]
        cuts["card"], cuts["caution"] = (_passed_by(alarm, hands, share) for share in (CARDS, CAUTIONS))
    return {name: round(cut, 4) for name, cut in cuts.items()}


def _passed_by(alarm: Matrix, hands: Sequence[str], share: float) -> float:
    """What a share of the alarms is above, where every hand counts alike however much it wrote."""
    written = Counter(hands)
    order = np.argsort(alarm)
    weight = np.cumsum([1 / written[hands[row]] for row in order]) / len(written)
    return float(alarm[order][np.searchsorted(weight, 1 - share)])


def _with_clauses(lesson: Lesson, alarm: Matrix) -> Matrix:
    """The alarm of every row, raised by its loudest clause."""
    place = {row.text: number for number, row in enumerate(lesson.rows) if not row.whole}
    loudest = np.full(len(alarm), -np.inf)
    for row, loud in zip(lesson.rows, alarm, strict=True):
        if row.whole:
            loudest[place[row.whole]] = max(loudest[place[row.whole]], loud)
    raised: Matrix = raise_by(alarm, loudest)
    return raised


def _answer_cut(lesson: Lesson, topic: Matrix, rows: NDArray[np.int64]) -> float:
    """The least share of the standards' chances with which the first one is right often enough."""
    names = lesson.classes["topic"]
    shares = topic[rows].copy()
    shares[:, names.index(NOT_COVERED)] = 0
    shares /= shares.sum(1, keepdims=True)
    right = np.array([names[best] == lesson.rows[row].topic for best, row in zip(shares.argmax(1), rows, strict=True)])
    best = shares.max(1)
    order = np.argsort(-best)
    precise = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precise >= RIGHT)
    return float(best[order][enough[-1]]) if len(enough) else PLAIN["answer"]


def _chances(lesson: Lesson, logits: Matrix, group: str) -> Matrix:
    start = 0
    for name, classes in lesson.classes.items():
        if name == group:
            return softmax(np.nan_to_num(logits[:, start : start + len(classes)])) if classes else logits[:, :0]
        start += len(classes)
    raise KeyError(group)


def _odds(chance: Matrix) -> Matrix:
    odds: Matrix = np.log(chance + 1e-6) - np.log(1 - chance + 1e-6)
    return odds


def raise_by(alarm: Any, clause: Any) -> Any:
    """The alarm of a message by that of its loudest clause; numbers or arrays of them."""
    return alarm + LOUDER * np.maximum(clause - alarm, 0)


def odds(chance: float) -> float:
    """The logarithm of the odds."""
    return math.log(chance + 1e-6) - math.log(1 - chance + 1e-6)
