"""Examines a reader with labelled questions: how often it is right, how often it refuses, how far its scores can be trusted."""

import csv
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.understanding.reader import Reader, Reading
from content import Pack

OUTSIDE = frozenset({"oos", "not-covered", "none", "out", "out-of-scope", ""})
TEXT, LABEL = ("text", "question", "message"), ("label", "expected", "standard", "standards", "id")
RIGHT_FIRST, RIGHT_SHOWN, REFUSED_MOST, OUTSIDE_REFUSED = 0.87, 0.96, 0.07, 0.90


@dataclass(frozen=True)
class Item:
    """A question and the standards that answer it; none when no standard does."""

    text: str
    wanted: tuple[str, ...]


@dataclass
class Result:
    """What an exam found. Every share is 0 to 1."""

    inside: int = 0
    outside: int = 0
    first: int = 0
    shown: int = 0
    refused: int = 0
    outside_refused: int = 0
    outside_answered: int = 0
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    trusted: list[tuple[float, bool]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The figures in words, each with its 95 % interval."""
        said = [f"{self.inside} questions that a standard answers, {self.outside} that none does."]
        if self.inside:
            said += [
                f"right standard first   {share(self.first, self.inside)}",
                f"right one in the three {share(self.shown, self.inside)}",
                f"wrongly refused        {share(self.refused, self.inside)}",
                f"calibration error      {self.calibration():.3f}",
            ]
        if self.outside:
            said += [
                f"outside, refused       {share(self.outside_refused, self.outside)}",
                f"outside, answered      {share(self.outside_answered, self.outside)}",
            ]
        return said + [
            f"confused {count:3}  {wanted} taken for {got}" for (wanted, got), count in self.confused.most_common(10)
        ]

    def passed(self) -> bool:
        """Whether it meets what is asked of a reader; a share of nothing is met."""
        inside, outside = self.inside or 1, self.outside or 1
        fits = (
            self.first / inside >= RIGHT_FIRST and self.shown / inside >= RIGHT_SHOWN and self.refused / inside <= REFUSED_MOST
        )
        return (fits or not self.inside) and (self.outside_refused / outside >= OUTSIDE_REFUSED or not self.outside)

    def calibration(self) -> float:
        """Expected calibration error over ten bins: how far a score of .8 is from being right in 8 of 10."""
        bins: dict[int, list[tuple[float, bool]]] = {}
        for score, right in self.trusted:
            bins.setdefault(min(9, int(score * 10)), []).append((score, right))
        gaps = (abs(sum(score for score, _ in one) - sum(right for _, right in one)) for one in bins.values())
        return sum(gaps) / max(1, len(self.trusted))


def share(count: int, total: int) -> str:
    """A share with its 95 % interval, after Wilson."""
    share, z = count / total, 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{share:.3f}  ({middle - half:.3f} to {middle + half:.3f})"


def read_items(path: Path, pack: Pack) -> list[Item]:
    """The questions of a CSV file: a text and a label column; several ids in a label are parted by spaces, `|` or `/`.

    Raises:
        ValueError: a line has no text, or a label that the pack doesn't know; says which line.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    if not rows:
        raise ValueError(f"{path} is empty")
    head = [name.strip().lower() for name in rows[0]]
    text, label = (next((head.index(name) for name in names if name in head), None) for names in (TEXT, LABEL))
    if text is None or label is None:
        text, label, start = 0, 1, 0
    else:
        start = 1
    return [_item(path, number, row, text, label, pack) for number, row in enumerate(rows[start:], start + 1) if any(row)]


def _item(path: Path, number: int, row: Sequence[str], text: int, label: int, pack: Pack) -> Item:
    if len(row) <= max(text, label) or not row[text].strip():
        raise ValueError(f"{path}:{number}: a text and a label are wanted, with a comma between them")
    given = row[label].strip()
    if given.lower() in OUTSIDE:
        return Item(row[text], ())
    ids = tuple(given.replace("|", " ").replace("/", " ").split())
    known = {standard.id.lower(): standard.id for standard in pack.standards}
    for one in ids:
        if one.lower() not in known:
            raise ValueError(f"{path}:{number}: the pack has no standard {one}; for a question that none answers write OOS")
    return Item(row[text], tuple(known[one.lower()] for one in ids))


def examine(items: Iterable[Item], reader: Reader) -> Result:
    """Read every item and count."""
    result = Result()
    for item in items:
        _mark(result, item, reader.read(item.text))
    return result


def _mark(result: Result, item: Item, reading: Reading) -> None:
    shown = [match.id for match in reading.standards]
    if not item.wanted:
        result.outside += 1
        result.outside_refused += reading.decision == "refuse"
        result.outside_answered += reading.decision == "answer"
        return
    result.inside += 1
    right = bool(shown) and shown[0] in item.wanted
    result.first += right
    result.shown += bool({*shown} & {*item.wanted})
    result.refused += reading.decision == "refuse"
    if reading.standards:
        result.trusted.append((reading.standards[0].score, right))
        if not right:
            result.confused[item.wanted[0], shown[0]] += 1
