"""What people type around a visit: starting one in a line, and answering its items in a word, a row of letters or a phrase."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.understanding.places import where
from bot.understanding.words import squash
from content import Checklist, Item

Answer = Literal["yes", "no", "na", "skip"]

YES = frozenset("y yes yep yeah yup ya aye done ok okay tick check got yh sorted good fine ✓ x".split())
NO = frozenset("n no nope nah not missing".split())
NA = frozenset(("na", "n/a", "none", "-"))
FLAGS = (
    ("keysafe", re.compile(r"\bkey ?safe\b")),
    ("pair", re.compile(r"\b(?:two|2)[ -]?(?:person|man|men|of us|handed|up)\b|\bpair\b|\bdouble up\b")),
    ("language", re.compile(r"\b(?:interpreter|language|translat\w+|doesnt speak|no english|dont speak)\b")),
)
_LETTERS = re.compile(r"^[yna]{2,12}$")
_ALL = re.compile(
    r"^(?:yes to (?:all|everything|the lot)|all (?:yes|done|good|sorted|ok|ticked)|everythings? (?:done|yes|good))(?P<rest>.*)$"
)
_BUT = re.compile(r"^ ?(?:but|except|bar|apart from|not|no|without)(?: for)? (?P<items>.+)$")
_SAME = re.compile(r"^(?:same|as|all same)(?: as)?(?: last| before)(?: time| visit)?(?: all yes)?$|^same again$")
_LACKS = re.compile(
    r"^(?P<before>(?:(?:y|yes|done|yep|ok|tick|n|no) )*)(?:but )?"
    r"(?:no|not got|not|havent got|have not got|aint got|dont have|forgot|no got|missing|without)"
    r"(?: my| the| any| our)? (?P<item>.+)$"
)
_TOLD = re.compile(r"^(?P<item>.+?) (?:is |are |was )?(?P<answer>yes|no|done|na|missing|sorted|not done)$")
_SKIP = re.compile(r"^skip(?: (?:it|this|that|one|this one))?(?:,? (?P<reason>.+))?$")
_CHANGE = re.compile(r"^(?:change|redo|go back to|back to) (?:the |my )?(?P<item>.+)$")
_START = re.compile(
    r"^(?:please )?(?:start|begin|run|do|open|new|resume|carry on with|continue|next)?(?: (?:a|an|the|my|with))* ?"
    r"(?:visit|checklist|check list|respect check|check|visit check)\b"
)


@dataclass(frozen=True)
class Start:
    """A visit to begin: which list, which of its extra items, where, and the answers that came in the same line."""

    checklist: str | None
    flags: frozenset[str]
    place: str | None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Given:
    """Answers as typed: by item in order, or the wish to change one, or "same as last time"."""

    answers: tuple[tuple[str, Answer, str], ...] = ()
    change: str | None = None
    same: bool = False


def is_start(text: str) -> bool:
    """Whether the text begins with the words that start a visit, beyond doubt."""
    return bool(_START.match(squash(text)))


def read_start(text: str, checklists: Sequence[Checklist]) -> Start:
    """What kind of visit the text wants."""
    plain = squash(text)
    words = plain.split()
    letters = words[-1] if len(words) > 1 and _LETTERS.match(words[-1]) and words[-1] not in ("any", "nay") else ""
    told = _row(letters) or _tail(words)
    typed = re.sub(rf"\s+{letters}\W*$", "", text) if letters else text
    known = sorted(((word, one.id) for one in checklists for word in one.words), key=lambda pair: -len(pair[0]))
    found = next((identity for word, identity in known if re.search(rf"\b{re.escape(word)}\b", plain)), None)
    flags = frozenset(flag for flag, form in FLAGS if form.search(plain))
    return Start(found, flags, where(typed).place, told)


def _row(letters: str) -> tuple[Answer, ...]:
    kinds: dict[str, Answer] = {"y": "yes", "n": "no", "a": "na"}
    return tuple(kinds[letter] for letter in letters)


def _tail(words: Sequence[str]) -> tuple[Answer, ...]:
    """Answers in words at the end of a line, three at the least."""
    count = 0
    while count < len(words) and _one(words[len(words) - 1 - count]):
        count += 1
    found = [answer for word in words[len(words) - count :] if (answer := _one(word))]
    return tuple(found) if count >= 3 else ()


def _one(word: str) -> Answer | None:
    return "yes" if word in YES else "no" if word in NO else "na" if word in NA else None


def read_answers(text: str, items: Sequence[Item], current: int) -> Given | None:
    """The answers in a line, or None when it is about something else.

    Args:
        text: what was typed.
        items: what the visit asks, in order.
        current: the item that is being asked, by number.
    """
    plain = squash(text)
    if text.strip().lower() in NA or plain in ("n a", "not applicable", "doesnt apply", "not needed"):
        return Given(((items[current].id, "na", ""),))
    words = plain.split()
    if not words:
        return None
    if _SAME.match(plain):
        return Given(same=True)
    if skipped := _SKIP.match(plain):
        return Given(((items[current].id, "skip", skipped["reason"] or ""),))
    if given := _sequence(words, items, current) or _but(plain, items) or _lacking(plain, items, current):
        return Given(tuple(given))
    if (wanted := _CHANGE.match(plain)) and (item := item_named(wanted["item"], items)):
        return Given(change=item.id)
    if (told := _TOLD.match(plain)) and (item := item_named(told["item"], items)):
        return Given(((item.id, _one(told["answer"].split()[0]) or "no", ""),))
    return None


def _sequence(words: Sequence[str], items: Sequence[Item], current: int) -> list[tuple[str, Answer, str]] | None:
    """`y`, `yes no na`, `yyny`: from the present item on."""
    found = list(_row(words[0])) if len(words) == 1 and _LETTERS.match(words[0]) else [_one(word) for word in words]
    if not all(found):
        return None
    return [(item.id, answer, "") for item, answer in zip(items[current:], found, strict=False) if answer]


def _but(plain: str, items: Sequence[Item]) -> list[tuple[str, Answer, str]] | None:
    """`yes to all`, `yes to all but sheets and badge`."""
    if not (whole := _ALL.match(plain)):
        return None
    lacking: set[str] = set()
    if whole["rest"].strip():
        but = _BUT.match(whole["rest"])
        named = [item_named(part, items) for part in re.split(r" and | or |,", but["items"])] if but else [None]
        if not all(named):
            return None
        lacking = {item.id for item in named if item}
    return [(item.id, "no" if item.id in lacking else "yes", "") for item in items]


def _lacking(plain: str, items: Sequence[Item], current: int) -> list[tuple[str, Answer, str]] | None:
    """`no covers`, `done done not got covers`: what is named is missing, what comes before it answers in order."""
    lacks = _LACKS.match(plain)
    if not lacks or not (item := item_named(lacks["item"], items)):
        return None
    before = [answer for word in lacks["before"].split() if (answer := _one(word))]
    others = [one for one in items[current:] if one.id != item.id]
    return [*((one.id, answer, "") for one, answer in zip(others, before, strict=False)), (item.id, "no", "")]


def item_named(name: str, items: Sequence[Item]) -> Item | None:
    """The item that a word names: by its short name or one of its words."""
    plain = squash(name).removesuffix(" yet").removesuffix(" today").removeprefix("the ").removeprefix("my ")
    exact = [item for item in items if plain in (squash(item.short), *(squash(word) for word in item.words))]
    if exact:
        return exact[0]
    near = [item for item in items if any(f" {squash(word)} " in f" {plain} " for word in (item.short, *item.words))]
    return near[0] if len(near) == 1 and len(plain.split()) <= 4 else None
