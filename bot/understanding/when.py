"""Reads when something will be: "thursday 10", "tomorrow morning", "on the 3rd at half 2". Always in the future."""

import re
from datetime import UTC, date, datetime, time, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(r"\b(mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|nesday|rsday|urday|sday)?\b")
_DATE = re.compile(r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b")
_TIME = re.compile(
    r"\b(?:at |by |for |about )?(?P<half>half )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?: ?(?P<half_day>am|pm))?\b"
    r"(?!st|nd|rd|th)"
)
_PART = {
    "morning": time(9),
    "first thing": time(8),
    "lunch": time(12),
    "afternoon": time(14),
    "end of the day": time(17),
    "evening": time(18),
}
_CLOCK = re.compile(r"\b(\d|[01]\d|2[0-3])(?:[:. ]([0-5]\d))?(?: ?am)?\b")
MORNING, NOON, LATEST, HOUR = 7, 12, 23, 60


def read_pocket(plain: str) -> tuple[str, tuple[str, ...]] | None:
    """A line that wants the pocket pack each day, and at which time, or not any more; None for any other line."""
    if not re.search(r"\bpocket\b", plain):
        return None
    if re.search(r"\b(?:off|stop|no more|not every|cancel|end)\b", plain):
        return "pocket", ("off",)
    if not re.search(r"\b(?:daily|every|each|always|mornings|send|at)\b", plain):
        return None
    found = _CLOCK.search(plain)
    return "pocket", ("daily", f"{int(found[1]):02}:{found[2] or '00'}") if found else ("daily",)


def read_when(text: str, now: datetime) -> datetime | None:
    """The moment that a text names, in UTC; None when it names no day. `now` is the speaker's own time.

    A day without a time ends at 17:00. Hours from 1 to 6 are in the afternoon: nobody promises a visit at 3 at night.
    """
    plain = text.lower()
    day = None
    if "tomorrow" in plain or re.search(r"\btomoz|\btmrw", plain):
        day = now.date() + timedelta(days=1)
    elif re.search(r"\b(?:today|tonight|later)\b", plain):
        day = now.date()
    elif found := _DAY.search(plain):
        number = next(place for place, name in enumerate(_DAYS) if name.startswith(found[1][:3]))
        day = now.date() + timedelta(days=(number - now.weekday()) % 7 or 7)
        if "next week" in plain:
            day += timedelta(days=7)
    elif found := _DATE.search(plain):
        day = _next_with(now, int(found[1]))
    elif "next week" in plain:
        day = now.date() + timedelta(days=7)
    if day is None:
        return None
    at = next((part for word, part in _PART.items() if word in plain), None) or _time(_DATE.sub("", plain)) or time(17)
    return datetime.combine(day, at, now.tzinfo).astimezone(UTC)


def _next_with(now: datetime, number: int) -> date | None:
    """The next day of the month with that number."""
    for ahead in range(1, 62):
        day = now.date() + timedelta(days=ahead)
        if day.day == number:
            return day
    return None


def _time(plain: str) -> time | None:
    for found in _TIME.finditer(plain):
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if found["half"]:
            minute = 30
        if (found["half_day"] == "pm" and hour < NOON) or (not found["half_day"] and 1 <= hour < MORNING):
            hour += NOON
        if hour <= LATEST and minute < HOUR:
            return time(hour, minute)
    return None
