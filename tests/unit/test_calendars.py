"""Working days over Easter, Christmas, leap day, and what a contract changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars import WorkingCalendar

PLAIN = WorkingCalendar(None)


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Maundy Thursday: over Good Friday and Easter Monday
        (date(2026, 12, 23), 3, date(2026, 12, 30)),  # Christmas on a Friday, Boxing Day made up on the Monday
        (date(2027, 12, 24), 1, date(2027, 12, 29)),  # both on a weekend: Monday and Tuesday are off
        (date(2028, 2, 28), 2, date(2028, 3, 1)),  # a leap day counts
        (date(2026, 11, 20), 10, date(2026, 12, 4)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # from a Saturday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 3, 27), 1, date(2026, 3, 30)),  # over the change of the clocks
    ],
)
def test_working_days(day: date, count: int, due: date) -> None:
    assert PLAIN.add_working_days(day, count) == due


def test_a_contract_adds_and_takes_back_days() -> None:
    own = WorkingCalendar({"extra_holidays": ["2026-11-24"], "worked_days": ["2026-12-28", "2026-11-28"]})
    assert not own.is_working(date(2026, 11, 24))
    assert own.is_working(date(2026, 11, 28)), "a Saturday that is worked"
    assert own.is_working(date(2026, 12, 28))
    assert own.next_holiday(date(2026, 11, 23)) == (date(2026, 11, 24), "")
    assert PLAIN.next_holiday(date(2026, 11, 23)) == (date(2026, 12, 25), "Christmas Day")


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        PLAIN.add_working_days(date(2026, 1, 1), -1)


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)), st.integers(1, 60))
def test_a_due_day_is_a_working_day_and_counts_itself_back(day: date, count: int) -> None:
    due = PLAIN.add_working_days(day, count)
    assert PLAIN.is_working(due)
    between = [date.fromordinal(n) for n in range(day.toordinal() + 1, due.toordinal() + 1)]
    assert sum(map(PLAIN.is_working, between)) == count
