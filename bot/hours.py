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
        start, end = (time.fromisoformat(self.settings.get(name) or usual) for name, usual in QUIET.items())
        now = self.local.time()
        quiet = (start <= now or now < end) if start > end else start <= now < end
        return quiet or not WorkingCalendar(self.settings).is_working(self.local.date())

    def summaries_due(self) -> list[str]:
        """The summary times that have come within the last ninety minutes of a working day."""
        if not WorkingCalendar(self.settings).is_working(self.local.date()):
            return []
        due = []
        for one in self.settings.get("summary_at") or SUMMARIES:
            at = datetime.combine(self.local.date(), time.fromisoformat(one), self.local.tzinfo)
            if at <= self.local < at + LATE:
                due.append(one[:5])
        return due
