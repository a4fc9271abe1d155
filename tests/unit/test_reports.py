"""What makes a report worse than its kind usually is."""

import pytest

from bot.understanding.report import Reporter
from content import Pack


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("damp patch in the hall, 3 elm road", "P2"),
        ("small bit of mould by the window, flat 3", "P2"),
        ("damp wall, her chest of drawers is ruined", "P2"),
        ("black mould, wheezy toddler, flat 2", "P1"),
        ("mould in flat 4, she has [health]", "P1"),
        ("old lady at number 5 has damp in the hall", "P1"),
        ("mould all over the bedroom, flat 2", "P1"),
        ("tap dripping, baby asleep, flat 2", "P3"),
    ],
)
def test_damp_is_p1_where_breathing_age_or_a_lot_of_it_is_told_of(pack: Pack, text: str, priority: str) -> None:
    report = Reporter(pack).read(text)
    assert report is not None
    assert report.priority == priority
