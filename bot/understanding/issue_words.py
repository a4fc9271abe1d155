"""What people type about issues that are logged: "my issues", "what about oak 27", "open damp over 3 days"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.references import find_reference
from bot.understanding.words import squash
from content import Category

_MINE = re.compile(
    r"\b(?:my|mine|i|ive|what have i)\b.{0,20}\b(?:issues?|logs?|logged|reports?|reported|raised|ones?|jobs)\b|"
    r"^(?:mine|list mine|my open ones)$"
)
_OLDER = re.compile(r"\b(?:over|older than|more than|past) (\d{1,3}) ?(days?|weeks?|d|w)\b")
_NEWER = re.compile(r"\b(?:last|past|in the last) (\d{1,3}) ?(days?|weeks?)\b|\b(today|this week|this month)\b")
_STATES = {
    "acknowledged": r"acknowledged?|seen|ack", "with_landlord": r"with (?:the )?landlord|sent to (?:the )?landlord|landlord",
    "in_progress": r"in progress|started|on it|reopen(?:ed)?", "waiting_access": r"waiting (?:for )?access|no access",
    "fixed": r"fixed|done|sorted|mended|completed?", "resident_told": r"resident told|told|told (?:her|him|them|the resident)",
    "closed": r"closed?",
}  # fmt: skip
_LIST = re.compile(
    r"^(?:show |list |give )?(?:me )?(?:all )?(?:the )?(?:issues\b.*|"
    r"(?:open|overdue|late|unassigned|closed|my)\b.*\b(?:issues|logs|complaints)\b.*|"
    r"open .+ (?:over|older than|more than) \d+.*)$"
)
_ASSIGN = re.compile(r"(?i)^(?:assign|give|pass) (?P<ref>.+?) (?:to )?[Pp][ -]?(?P<code>\d{1,9})$")
_COMMENT = re.compile(r"(?is)^(?:comment|note|add)(?: on| to| for)? (?P<rest>.+)$")
_DAYS = r"(?P<days>\d{1,2}) (?:more )?(?:working )?(?:days?|wd)\b[,: ]*(?:because|as|for|-)? ?(?P<why>.*)$"
_EXTEND = re.compile(rf"(?i)^(?:extend|give|move|push)\b.*?\b{_DAYS}")
_EXTEND_AFTER = re.compile(rf"(?i)^(?:extend(?: by)?|needs|\+) ?{_DAYS}")
_PAUSE = re.compile(r"(?i)^(?:pause|hold|put on hold|stop the clock on)\b")
_RESUME = re.compile(r"(?i)^(?:resume|unpause|carry on with|restart)\b")
_CHASE = re.compile(r"(?i)^(?:chase|nudge|hurry up)\b")
_PRIORITY = re.compile(r"(?i)\b(?P<name>p[1-9])$")
_PHOTO = re.compile(r"(?:photo |picture |pic )?(?P<number>\d{1,2}) (?:is |was |shows )?(?P<stage>before|after)")
_PHOTOS = re.compile(r"^(?:show |see |open )?(?:me )?(?:the |all )?(?:photos?|pictures?|pics?)\b")
_MERGE = re.compile(r"(?i)^(?:merge|same thing) (?P<rest>.+)$")


@dataclass(frozen=True)
class Wanted:
    """What a list of issues is narrowed to."""

    mine: bool = False
    category: str | None = None
    older: int | None = None
    newer: int | None = None
    overdue: bool = False
    unassigned: bool = False
    complaints: bool = False
    not_told: bool = False
    closed: bool = False
    awaab: bool = False


def read_wanted(text: str, categories: Sequence[Category]) -> Wanted:
    """The filter in a line; everything open when it names none."""
    plain = squash(text)
    older, newer = _OLDER.search(plain), _NEWER.search(plain)
    return Wanted(
        mine=bool(_MINE.search(plain)) or plain in ("mine", "my"),
        category=_category(plain, categories),
        older=_days(older[1], older[2]) if older else None,
        newer=_since(newer) if newer and not older else None,
        overdue=bool(re.search(r"\b(?:overdue|late|past (?:its|their|due)|out of time|missed)\b", plain)),
        unassigned=bool(re.search(r"\b(?:unassigned|not assigned|nobodys|no owner)\b", plain)),
        complaints="complaint" in plain,
        not_told=bool(re.search(r"\bnot (?:been )?told\b", plain)),
        closed=bool(re.search(r"\bclosed\b", plain)),
        awaab="awaab" in plain,
    )


def _category(plain: str, categories: Sequence[Category]) -> str | None:
    if "complaint" in plain:
        return None
    for category in categories:
        names = [
            category.code.lower().replace("-", " "),
            *squash(category.name).split(" or "),
            *(w for w in category.words if "|" not in w),
        ]
        if any(len(name) > 3 and re.search(rf"\b{re.escape(name)}\b", plain) for name in names):
            return category.code
    return None


def _days(number: str, unit: str) -> int:
    return int(number) * (7 if unit.startswith("w") else 1)


def _since(found: re.Match[str]) -> int:
    return _days(found[1], found[2]) if found[1] else {"today": 1, "this week": 7, "this month": 31}[found[3]]


def read_issue_line(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The verb and arguments of a line that names an issue by its reference; None for any other line."""
    line = " ".join(text.split()).rstrip("?.!")
    plain = squash(text)
    ref = find_reference(line)
    if ref is None:
        if plain in PROMISES:
            return "promised", ()
        return ("issues", tuple(plain.split())) if _LIST.match(plain) and len(plain.split()) <= SHORT else None
    found = _about(line, plain, ref) or _tended(line, ref) or _state_said(line, ref)
    return found or (("issue", (ref,)) if len(line.split()) <= SHORT else None)


def _about(line: str, plain: str, ref: str) -> tuple[str, tuple[str, ...]] | None:
    """Something that is done with an issue: given to somebody, put into another, written on, told of."""
    rest = _after(line)
    if given := _ASSIGN.match(line):
        return "assign", (ref, f"P{given['code']}")
    if merged := _MERGE.match(line):
        other = find_reference(_after(merged["rest"]))
        return ("merge", (ref, other)) if other else None
    if _COMMENT.match(line) and rest:
        return "comment", (ref, *rest.split())
    if (said := squash(rest)) and (photo := _PHOTO.fullmatch(said)):
        return "mark", (ref, photo["number"], photo["stage"])
    if _PHOTOS.match(plain) or said in ("photos", "photo", "pictures", "pics"):
        return "photos", (ref,)
    return ("story", (ref,)) if plain.startswith(("story", "history")) else None


def _tended(line: str, ref: str) -> tuple[str, tuple[str, ...]] | None:
    """Something about its time: `extend oak 27 2 days awaiting parts`, `oak 27 p1`, `pause oak 27 at the lab`, `chase it`."""
    rest = _after(line)
    if more := _EXTEND.match(line) or _EXTEND_AFTER.match(rest):
        return "extend", (ref, more["days"], *more["why"].split())
    if _PAUSE.match(line):
        return "pause", (ref, *rest.split())
    for verb, form in (("resume", _RESUME), ("chase", _CHASE)):
        if form.match(line):
            return verb, (ref,)
    if (named := _PRIORITY.search(rest)) and len(rest.split()) <= TO_PRIORITY:
        return "priority", (ref, named["name"].upper())
    return None


def _state_said(line: str, ref: str) -> tuple[str, tuple[str, ...]] | None:
    """A state that is named before or after the reference: `close oak 27`, `oak 27 is fixed now`."""
    rest, before = squash(_after(line)), squash(line[: line.lower().find(ref.split("-", maxsplit=1)[0].lower())])
    if "investigated" in (rest, before):
        return "investigated", (ref,)
    if named := _BEFORE.get(before):
        return "moveto", (ref, named)
    for state, words in _STATES.items():
        if rest and re.fullmatch(rf"(?:to |is |as |now |its )*(?:{words})(?: now| please)?", rest):
            return "moveto", (ref, state)
    return None


SHORT = 9
TO_PRIORITY = 4
_BEFORE = {
    "close": "closed", "reopen": "in_progress", "acknowledge": "acknowledged", "ack": "acknowledged", "start": "in_progress",
    "fixed": "fixed",
    "told them about": "resident_told",
}  # fmt: skip
PROMISES = frozenset(
    (
        "promises",
        "my promises",
        "promises due",
        "promises due today",
        "what have i promised",
        "what have i promised people",
    )
)


def _after(line: str) -> str:
    """What follows the first reference of a line."""
    words = line.split()
    for end in range(1, len(words) + 1):
        if find_reference(" ".join(words[:end])):
            longer = " ".join(words[: end + 1])
            if end < len(words) and find_reference(longer) != find_reference(" ".join(words[:end])):
                continue
            return " ".join(words[end:])
    return ""
