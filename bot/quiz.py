"""Quiz questions from the pack's own words: a line of a standard, and is it something to do or not to do?

Which one comes next is by how well it is known (Leitner's boxes): a line answered wrong comes back at once, one answered right
comes back after 1, 3, 7, 16 and 35 days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from content import Standard

BOXES = (0, 1, 3, 7, 16, 35)


@dataclass(frozen=True)
class Question:
    """A line of a standard. `item` is `do0`, `dont2`; the right answer is its first part."""

    standard: str
    item: str
    line: str

    @property
    def answer(self) -> str:
        """`do` or `dont`."""
        return self.item.rstrip("0123456789")


def questions_of(standard: Standard) -> list[Question]:
    """Every question of a standard, dos and don'ts in turn."""
    dos = [Question(standard.id, f"do{number}", line) for number, line in enumerate(standard.do)]
    donts = [Question(standard.id, f"dont{number}", line) for number, line in enumerate(standard.dont)]
    mixed = [question for pair in zip(donts, dos, strict=False) for question in pair]
    return mixed + dos[len(donts) :] + donts[len(dos) :]


def find(standards: Sequence[Standard], identity: str, item: str) -> Question | None:
    """The question by its standard and item."""
    standard = next((one for one in standards if one.id.upper() == identity.upper()), None)
    return next((one for one in questions_of(standard) if one.item == item), None) if standard else None


def next_question(
    standards: Sequence[Standard], record: Sequence[tuple[str, str, bool, datetime]], now: datetime, salt: int = 0
) -> Question | None:
    """What to ask now: what was got wrong, then what is due again, then what was never asked, from here to there by `salt`."""
    known: dict[tuple[str, str], tuple[int, datetime]] = {}
    for standard, item, right, at in record:
        box = known.get((standard, item), (0, at))[0]
        known[standard, item] = (min(box + 1, len(BOXES) - 1) if right else 0, at)
    every = [question for standard in standards for question in questions_of(standard)]
    if not every:
        return None
    turned = every[(salt * 7) % len(every) :] + every[: (salt * 7) % len(every)]

    def place(question: Question) -> tuple[int, float]:
        if (question.standard, question.item) not in known:
            return 2, 0.0
        box, at = known[question.standard, question.item]
        due = at + timedelta(days=BOXES[box])
        return (0 if box == 0 else 1 if due <= now else 3), due.timestamp()

    return min(turned, key=place)
