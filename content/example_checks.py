"""What `doorstep content check` looks for in the example messages: a line given twice, or to two that exclude each other."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from content.faults import Fault
from content.loader import Reader
from content.pack import Pack

_KINDS = {"standards": "standards", "examples": "standards", "cards": "cards", "intents": "intents", "issues": "issues"}


def examples_tell_apart(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """A line that stands twice teaches nothing more; one that stands under two labels teaches something wrong."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for path, number, line in _lines(reader.folder):
        words = " ".join(re.findall(r"[a-z0-9]+", line.lower().replace("'", "").replace("’", "")))
        file = str(path.relative_to(reader.folder))
        if not words:
            continue
        label, where = seen.setdefault((_KINDS.get(path.parent.name, file), words), (path.stem, f"{file}:{number}"))
        if where == f"{file}:{number}":
            continue
        if label == path.stem:
            yield Fault(file, number, f"This example stands at {where} already.", "take one of the two away.")
        else:
            yield Fault(file, number, f"This example also stands for {label} ({where}).", "decide which of the two it is.")


def _lines(folder: Path) -> Iterator[tuple[Path, int, str]]:
    for path in sorted((folder / "examples").glob("**/*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                yield path, number, line.strip()
