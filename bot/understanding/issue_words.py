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
    "fixed": r"fixed|done|sorted|mended|finished|completed?",
    "resident_told": r"resident told|told|told (?:her|him|them|the resident)",
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
SHORT = 9
TO_PRIORITY = 4
_BEFORE = {
    "closed": r"closed?", "in_progress": r"reopen|start(?:ed|ing)?", "acknowledged": r"ack(?:nowledged?)?|seen",
    "fixed": r"fix(?:ed)?|done|finished|sorted|completed?",
    "resident_told": r"told (?:her|him|them|the (?:resident|tenant|customer|lady|family)) about",
}  # fmt: skip
_FILLERS = re.compile(
    r"\b(?:to|is|as|its|has|have|been|all|job|just|now|please|pls|thanks|ta|mate|today|yesterday|this (?:morning|afternoon)|"
    r"can|could|you|u|i|ive|im|we|weve|mark|set|put)\b"
)
_ORDERS = re.compile(r"(?i)^(?:please |pls |(?:can|could) (?:you|u|we) )+")
_ASKS = re.compile(
    r"(?:is|isnt|are|was|has|hasnt|have (?:you|they|we)|did|does|any|when|who|whos|what|whats|why|how|where|wheres)\b"
)
_SMALL = "one two three four five six seven eight nine ten".split()
_DAYS_SAID = re.compile(rf"(?i)\b({'|'.join(_SMALL)})(?= (?:more )?(?:working )?days?\b)")
_LOGGING = frozenset(
    "log logs logged logging report reported reporting record recorded recording raise raised raising issue form".split()
)
_AROUND = frozenset(
    "a an the it this that one two few couple of new another more some something thing things last job jobs repair repairs "
    "fault problem defect complaint ticket entry to for me us in on down i ive id we can could you please pls now want wants "
    "need needs needing would like got have put make add create start open fill take do here worth should be".split()
)
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
    line = _DAYS_SAID.sub(lambda said: str(_SMALL.index(said[1].lower()) + 1), line)
    asks = not _ORDERS.match(plain) and (text.rstrip().endswith("?") or _ASKS.match(plain))
    found = _about(line, plain, ref) or (None if asks else _tended(_ORDERS.sub("", line), ref) or _state_said(line, ref))
    return found or (("issue", (ref,)) if len(line.split()) <= SHORT else None)


def says_nothing(text: str) -> str | None:
    """What a line that names nothing to log is about: "that", which was said before, or something "new"; else None."""
    words = set(squash(text).split())
    if not words & _LOGGING or words - _LOGGING - _AROUND:
        return None
    return "that" if words & {"it", "this", "that"} else "new"


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
    start = line.lower().find(ref.split("-", maxsplit=1)[0].lower())
    rest, before = (" ".join(_FILLERS.sub("", squash(part)).split()) for part in (_after(line), line[:start]))
    if "investigated" in (rest, before):
        return "investigated", (ref,)
    for said, forms in ((before, _BEFORE), (rest, _STATES)):
        for state, words in forms.items() if said else ():
            if re.fullmatch(words, said):
                return "moveto", (ref, state)
    return None


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
