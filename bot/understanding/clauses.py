"""A message in its clauses, so that a danger in the middle of a list of jobs isn't drowned by the jobs.

"hung both doors, boy of four let me in, nobody else there, heading to no 8": as a whole that is a report of doors.
"""

import re

_BREAK = re.compile(
    r"(?<=[.!?;:\n])\s+|,\s+|\s+[-–—]+\s+|\s+(?=(?:and|also|but|anyway|btw|plus|then|meanwhile|by the way)\b)", re.IGNORECASE
)
FEWEST = 3  # words of a clause; what is shorter belongs to its neighbour
LONGEST, WINDOW, STEP = 16, 12, 6  # words: of a clause that is left whole; of the windows over one that nobody punctuated
MOST = 8  # clauses that are looked at


def clauses(text: str) -> list[str]:
    """The clauses of a text, in order; none where it has but one."""
    found: list[str] = []
    for part in filter(None, map(str.strip, _BREAK.split(text))):
        if found and (_short(part) or _short(found[-1])):
            found[-1] += ", " + part
        else:
            found.append(part)
    apart = [window for part in found for window in _windows(part)]
    return apart[:MOST] if len(apart) > 1 else []


def _short(part: str) -> bool:
    return len(part.split()) < FEWEST


def _windows(part: str) -> list[str]:
    words = part.split()
    if len(words) <= LONGEST:
        return [part]
    return [" ".join(words[start : start + WINDOW]) for start in range(0, len(words) - STEP + 1, STEP)]
