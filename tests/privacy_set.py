"""The labelled privacy messages, and how well the guard does on them: `python -m tests.privacy_set [--misses]`."""

import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from bot.privacy import Guard
from content import guard_words

DATA = Path(__file__).parent / "data"
MARK = re.compile(r"\{(\w+):([^}]*)\}")
DIRECT = frozenset({"phone", "email", "dob", "ni", "nhs", "bank", "code"})


@dataclass(frozen=True)
class Labelled:
    """A message and what in it must go: (start, end, kind)."""

    text: str
    marks: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Score:
    """Of each kind, how many there are and how many the guard took out; of the messages without any, how many it left alone."""

    there: dict[str, int]
    found: dict[str, int]
    clean: int
    untouched: int
    misses: tuple[str, ...]

    def recall(self, *kinds: str) -> float:
        return sum(self.found[kind] for kind in kinds) / sum(self.there[kind] for kind in kinds)

    @property
    def left_alone(self) -> float:
        return self.untouched / self.clean


def read(name: str) -> list[Labelled]:
    lines = (DATA / name).read_text().splitlines()
    return [_labelled(line) for line in lines if line.strip() and not line.startswith("#")]


def _labelled(line: str) -> Labelled:
    text, marks, at = "", [], 0
    for match in MARK.finditer(line):
        text += line[at : match.start()]
        marks.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        at = match.end()
    return Labelled(text + line[at:], tuple(marks))


def score(guard: Guard, messages: list[Labelled]) -> Score:
    """A mark is found when half of it or more is gone, whatever it was called."""
    there: dict[str, int] = defaultdict(int)
    found: dict[str, int] = defaultdict(int)
    clean = untouched = 0
    misses = []
    for message in messages:
        spans = guard.spans(message.text)
        if not message.marks:
            clean += 1
            untouched += not spans
            if spans:
                misses.append(f"touched  {guard.clean(message.text).text}")
        for start, end, kind in message.marks:
            gone = sum(max(0, min(end, span.end) - max(start, span.start)) for span in spans)
            there[kind] += 1
            found[kind] += gone * 2 >= end - start
            if gone * 2 < end - start:
                misses.append(f"kept {kind:12} {message.text[start:end]!r} in {message.text!r}")
    return Score(there, found, clean, untouched, tuple(misses))


def main() -> None:
    guard = Guard(guard_words())
    for name in ("privacy-1.txt", "privacy-2.txt"):
        messages = read(name)
        result = score(guard, messages)
        print(f"{name}: {len(messages)} messages")
        for kind in result.there:
            print(f"  {kind:14} {result.found[kind]:3} of {result.there[kind]:3}  recall {result.recall(kind):.3f}")
        direct = [kind for kind in result.there if kind in DIRECT]
        print(f"  direct identifiers and codes: recall {result.recall(*direct):.3f}")
        print(f"  without personal data: {result.untouched} of {result.clean} left alone ({result.left_alone:.3f})")
        if "--misses" in sys.argv and name in sys.argv:
            print("\n".join(f"    {miss}" for miss in result.misses))


if __name__ == "__main__":
    main()
