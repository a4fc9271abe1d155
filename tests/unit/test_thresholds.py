"""Where the lines of danger are drawn: every hand counts alike, and a loud clause raises its message."""

import numpy as np
import pytest

from bot.understanding.learning import HARMLESS, Lesson, Row
from bot.understanding.spelling import Spelling
from bot.understanding.thresholds import CARDS, CAUTIONS, LOUDER, cuts_of, odds, raise_by
from content import Pack

CLASSES: dict[str, tuple[str, ...]] = {"topic": (), "danger": ("GAS", HARMLESS), "intent": (), "issue": ()}


def cuts(pack: Pack, alarms: list[tuple[str, float, str | None]]) -> dict[str, float]:
    """The thresholds where look-alikes of these hands have these alarms, in odds; the third names the line of a clause."""
    rows = [
        Row(f"line {n}", hand, danger=None if whole else HARMLESS, whole=whole) for n, (hand, _, whole) in enumerate(alarms)
    ]
    logits = np.array([[alarm, 0.0] for _, alarm, _ in alarms], np.float32)
    lesson = Lesson(rows, Spelling(pack.wordlist, {}, ()), np.zeros((0, 0), np.float32), [], CLASSES, logits)
    return cuts_of(lesson, logits)


def test_a_hand_that_wrote_much_draws_the_lines_no_more_than_another(pack: Pack) -> None:
    quiet = [("quiet", n / 100 - 5, None) for n in range(100)]
    loud = [("loud", n / 1000, None) for n in range(1000)]
    found = cuts(pack, [*quiet, *loud])
    assert found["card"] == pytest.approx(1 - 2 * CARDS, abs=0.01), "of two hands of which one is never loud, twice the share"
    assert found["caution"] == pytest.approx(1 - 2 * CAUTIONS, abs=0.01)


def test_a_loud_clause_raises_its_line(pack: Pack) -> None:
    lines = [("one", 0.0, None) for _ in range(200)]
    clauses = [("one", 2.0, f"line {n}") for n in range(100)]
    assert cuts(pack, lines)["caution"] == pytest.approx(0.0, abs=0.01)
    assert cuts(pack, [*lines, *clauses])["caution"] == pytest.approx(2 * LOUDER, abs=0.01)


def test_too_few_lines_leave_the_cautious_lines(pack: Pack) -> None:
    assert cuts(pack, [("one", 5.0, None)] * 50)["card"] == 1.0


def test_a_quieter_clause_changes_nothing() -> None:
    assert raise_by(1.0, 0.5) == 1.0
    assert raise_by(1.0, float("-inf")) == 1.0
    assert odds(0.5) == pytest.approx(0.0, abs=1e-6)
