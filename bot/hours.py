"""A contract's day: when nothing is said that nobody asked for, and when its summaries are due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.calendars import WorkingCalendar
from storage.people import PersonRecord

LATE = timedelta(minutes=90)
SUMMARIES = ("16:30", "07:00")
QUIET = {"quiet_from": "19:00", "quiet_to": "07:00"}


@dataclass(frozen=True)
class Hours:
    """A contract's settings and its own time now."""

    settings: Mapping[str, Any]
    local: datetime

    @classmethod
    def of(cls, person: PersonRecord, now: datetime) -> "Hours":
        """The hours that hold for a person: their contract's, else the usual ones."""
        own = person.contract
        zone = ZoneInfo(own.timezone if own else person.timezone)
        return cls((own.settings if own else None) or {}, now.astimezone(zone))

    def is_quiet(self) -> bool:
        """Whether nothing may be said now that nobody asked for."""
        return self._quiet(self.local.time()) or not WorkingCalendar(self.settings).is_working(self.local.date())

    def _quiet(self, now: time) -> bool:
        start, end = (time.fromisoformat(self.settings.get(name) or usual) for name, usual in QUIET.items())
        return (start <= now or now < end) if start > end else start <= now < end

    def summaries_due(self) -> list[str]:
        """The summary times that have come within the last ninety minutes; none on a day off or in quiet hours."""
        if self.is_quiet():
            return []
        return [one for one in self.summary_times() if self.is_due(one)]

    def summary_times(self) -> list[str]:
        """When a summary comes, the earliest first."""
        return sorted(one[:5] for one in self.settings.get("summary_at") or SUMMARIES)

    def is_due(self, at: str) -> bool:
        """Whether a time of day has come within the last ninety minutes."""
        moment = datetime.combine(self.local.date(), time.fromisoformat(at), self.local.tzinfo)
        return moment <= self.local < moment + LATE

    def is_quiet_at(self, at: str) -> bool:
        """Whether a time of day is in the quiet hours."""
        return self._quiet(time.fromisoformat(at))
