"""Due times: what law, codes and the contract's priorities put on an issue. Guidance; the landlord decides which apply.

Hours run through nights and weekends. Working days are those of the contract's calendar; the day something starts on doesn't
count, and a due day lasts until its midnight in the contract's zone. The lengths stand in the pack (`clocks.yaml`), dated and
with the rule that says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.calendars import WorkingCalendar
from bot.contract import PRIORITIES
from bot.understanding.patterns import compile_lines
from content import Category, Clock

TODAY = "today"


@dataclass(frozen=True)
class Due:
    """A running clock: its id, and when it ends (UTC)."""

    clock: str
    at: datetime


class Clocks:
    """Works out due times for one contract."""

    def __init__(self, clocks: Iterable[Clock], settings: Mapping[str, Any] | None, zone: str = "Europe/London") -> None:
        self._by_id = {clock.id: clock for clock in clocks}
        self._settings = settings or {}
        self._calendar = WorkingCalendar(settings)
        self._zone = ZoneInfo(zone)

    def due(self, clock: Clock, start: datetime) -> datetime:
        """When a clock that starts then ends."""
        if clock.hours is not None:
            return start + timedelta(hours=clock.hours)
        day = start.astimezone(self._zone).date()
        if clock.weeks is not None:
            return self._end_of(day + timedelta(weeks=clock.weeks))
        return self._end_of(self._calendar.add_working_days(day, clock.working_days or 0))

    def started_by(self, event: str, names: Iterable[str], start: datetime) -> list[Due]:
        """The clocks that an event starts, of those named or, for what follows from them, of the same family."""
        families = {name.split("-", maxsplit=1)[0] for name in names}
        wanted = set(names)
        return [
            Due(clock.id, self.due(clock, start))
            for clock in self._by_id.values()
            if clock.starts == event and clock.since <= start.date()
            and (clock.id in wanted if event == "reported" else clock.id.split("-", maxsplit=1)[0] in families)
        ]  # fmt: skip

    def by_words(self, said: str, start: datetime) -> list[Due]:
        """The clocks that a report's own words start; `said` as `patterns.heard` gives it. One for each kind, the shortest."""
        month = start.astimezone(self._zone).month
        due: dict[str, Due] = {}
        for clock in self._by_id.values():
            words = compile_lines(clock.words, {}) if clock.words else None
            off = clock.setting is not None and not self._settings.get(clock.setting)
            if words is None or off or (clock.months and month not in clock.months) or clock.since > start.date():
                continue
            if words.search(said):
                one = Due(clock.id, self.due(clock, start))
                kind = clock.setting or clock.id
                due[kind] = min(due.get(kind, one), one, key=lambda found: found.at)
        return list(due.values())

    def priority(self, category: Category, start: datetime, name: str | None = None) -> datetime | None:
        """When the contract wants it done; None for what needs nothing done."""
        wanted = name or category.priority
        if wanted == "info":
            return None
        if wanted == TODAY:
            return self._end_of(start.astimezone(self._zone).date())
        given = self._settings.get("priorities") or [one.model_dump() for one in PRIORITIES]
        found = next((one for one in given if one["name"] == wanted), None)
        if found is None:
            return None
        if found.get("hours"):
            return start + timedelta(hours=found["hours"])
        day = start.astimezone(self._zone).date()
        if found.get("working_days"):
            return self._end_of(self._calendar.add_working_days(day, found["working_days"]))
        return self._end_of(day + timedelta(days=found["days"]))

    def day(self, moment: datetime) -> date:
        """The contract's own date."""
        return moment.astimezone(self._zone).date()

    def at(self, moment: datetime) -> datetime:
        """The contract's own time."""
        return moment.astimezone(self._zone)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, time(23, 59), self._zone).astimezone(UTC)
