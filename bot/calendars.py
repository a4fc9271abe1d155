"""Working days of England and Wales, as a contract edits them. Dates only: which hour counts is the clock's business.

Bank holidays come from the `holidays` package, which follows gov.uk/bank-holidays.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

FAR = 400


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """The bank holidays of a year in England and Wales, with their names."""
    import holidays  # noqa: PLC0415  # slow to load, and seldom wanted

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


class WorkingCalendar:
    """Which days a contract works: Monday to Friday, without bank holidays, with what its settings add or take back."""

    def __init__(self, settings: Mapping[str, Any] | None) -> None:
        given = settings or {}
        self._off = {date.fromisoformat(day) for day in given.get("extra_holidays") or ()}
        self._on = {date.fromisoformat(day) for day in given.get("worked_days") or ()}

    def is_working(self, day: date) -> bool:
        """Whether work is done on that day."""
        if day in self._on:
            return True
        return day.weekday() < 5 and self.holiday(day) is None

    def holiday(self, day: date) -> str | None:
        """The day's name when it is a holiday, of the state or the contract's own, and isn't worked all the same."""
        if day in self._on:
            return None
        return bank_holidays(day.year).get(day) or ("" if day in self._off else None)

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that comes `count` of them after `day`; `day` itself doesn't count.

        Raises:
            ValueError: `count` is negative.
        """
        if count < 0:
            raise ValueError("working days are counted forwards")
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def next_holiday(self, day: date) -> tuple[date, str]:
        """The next holiday on or after `day` that falls on a weekday, and its name (empty for the contract's own)."""
        for ahead in range(FAR):
            found = self.holiday(day + timedelta(days=ahead))
            if found is not None and (day + timedelta(days=ahead)).weekday() < 5:
                return day + timedelta(days=ahead), found
        raise AssertionError("a year has bank holidays")
