"""What `doorstep content check` looks for in the example messages: a line given twice, nearly or quite, or to two labels."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from content.faults import Fault
from content.loader import Reader
from content.pack import Pack

_SMALL = frozenset(
    "a an the is are was were be to of in on at for and or but with that this it its my our your i im we you he she they do "
    "does did have has had so just".split()
)
TELLING = 3  # words that are left when the small ones are gone; with fewer, only the very same line is the same
_KINDS = {"standards": "standards", "examples": "standards", "cards": "cards", "intents": "intents", "issues": "issues"}


def examples_tell_apart(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """A line that stands twice, but for small words and order, teaches nothing more; under two labels, a wrong thing."""
    seen: dict[tuple[str, object], tuple[str, str]] = {}
    for path, number, line in _lines(reader.folder):
        words = _words(line)
        if not words:
            continue
        file = str(path.relative_to(reader.folder))
        here = f"{file}:{number}"
        label, where = seen.setdefault((_KINDS.get(path.parent.name, file), words), (path.stem, here))
        if where == here:
            continue
        if label == path.stem:
            yield Fault(file, number, f"This example says no more than {where}.", "take one of the two away.")
        else:
            yield Fault(file, number, f"This example also stands for {label} ({where}).", "decide which of the two it is.")


def _words(line: str) -> frozenset[str] | str:
    """The line as it is compared: its telling words in any order, or all its words where few of them tell."""
    words = re.findall(r"[a-z0-9]+", line.lower().replace("'", "").replace("’", ""))
    telling = frozenset(word for word in words if word not in _SMALL)
    return telling if len(telling) >= TELLING else " ".join(words)


def _lines(folder: Path) -> Iterator[tuple[Path, int, str]]:
    for path in sorted((folder / "examples").glob("**/*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                yield path, number, line.strip()
