"""The locked set (`tests/data/locked`), and the one that was opened, read by the whole engine as `doorstep understand` reads.

Totals alone are printed: whoever improves the reader is not to look at what it gets wrong in the locked set.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from adapters.cli.understand import reading
from bot.engine import Engine
from bot.understanding.exam import share
from bot.understanding.places import keys

DATA = Path(__file__).parent.parent / "tests" / "data"
Found = dict[str, Any]


def say_locked(engine: Engine) -> None:
    """Print every figure of both sets, with its 95 % interval."""
    for folder in ("opened", "locked"):
        for name, hits in figures(engine, DATA / folder):
            print(f"{folder}, {name:34} {share(sum(hits), len(hits))}  of {len(hits)}")


def figures(engine: Engine, folder: Path) -> Iterator[tuple[str, list[bool]]]:
    """Each figure's name, and for each message of the folder's files whether it was read right."""

    def read(file: str) -> list[tuple[list[str], Found]]:
        lines = [line.split("\t") for line in (folder / file).read_text("utf-8").splitlines()]
        return [(line[:-1], reading(engine, line[-1])) for line in lines]

    yield from _marked(read("questions.tsv"), {
        "right standard first": lambda label, got: [one["id"] for one in got["standards"][:1]] == label,
        "right one in the three": lambda label, got: label[0] in [one["id"] for one in got["standards"]],
        "covered, wrongly refused": lambda _, got: got["decision"] == "refuse",
        "covered, taken for something else": lambda _, got: got["decision"] in ("do", "card"),
    })  # fmt: skip
    yield from _marked(read("uncovered.tsv"), {
        "not covered, refused": lambda _, got: got["decision"] == "refuse",
        "not covered, no standard offered": lambda _, got: got["decision"] in ("refuse", "do"),
    })  # fmt: skip
    dangers = read("dangers.tsv")
    yield from _marked(dangers, {
        "danger, card": lambda _, got: got["card"] is not None,
        "danger, card or caution": lambda _, got: _heard(got) is not None,
    })  # fmt: skip
    yield "danger, the right one, where heard", [_heard(got) == label[0] for label, got in dangers if _heard(got)]
    yield from _marked(read("lookalikes.tsv"), {
        "look-alike, no card": lambda _, got: got["card"] is None,
        "look-alike, nothing at all": lambda _, got: _heard(got) is None,
    })  # fmt: skip
    yield from _marked(read("intents.tsv"), {"intent": lambda label, got: got["intent"] == label[0]})
    logs = read("logs.tsv")
    yield "report, seen as one", [got["issue"] is not None for _, got in logs]
    reports = [(label, got["issue"]) for label, got in logs if got["issue"]]
    yield from _marked(reports, {
        "report, category": lambda label, got: got["category"] == label[0],
        "report, Awaab's Law": lambda label, got: got["awaab"] == (label[1] == "yes"),
        "report, complaint": lambda label, got: got["complaint_choice"] == (label[2] == "yes"),
        "report, place": lambda label, got: keys(got["place"]) == keys(label[3] or None),
    })  # fmt: skip


def _heard(got: Found) -> str | None:
    heard: str | None = got["card"] or got["caution"]
    return heard


def _marked(
    lines: list[tuple[list[str], Found]], questions: dict[str, Callable[[list[str], Found], bool]]
) -> Iterator[tuple[str, list[bool]]]:
    for name, right in questions.items():
        yield name, [right(label, got) for label, got in lines]
