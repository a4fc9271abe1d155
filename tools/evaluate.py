"""`make eval`: how well messages are read whose writers the heads had not learned from, with 95 % intervals.

Every line of the examples is scored by heads that learned from other hands alone (where one hand wrote all there is of a
label, from other lines). It is the fairest figure that the examples allow, and still a kind one: they were written to one
brief. Two sets that were written blind follow (tests/data/locked, opened). Questions of your own are examined by `doorstep
content test FILE.csv`.
"""

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from locked import say_locked

from bot.engine import Engine
from bot.understanding.danger import Alarm, Danger
from bot.understanding.encoder import Encoder
from bot.understanding.exam import share
from bot.understanding.head import Head, Scores
from bot.understanding.intent import TOLD, intent_of
from bot.understanding.learning import GROUPS, HARMLESS, NOT_COVERED, Lesson, clauses_of, rows_of, unseen, whole
from bot.understanding.neighbours import softmax
from bot.understanding.places import keys
from bot.understanding.reader import PlainReader
from bot.understanding.report import Reporter
from bot.understanding.thresholds import cuts_of
from bot.understanding.trained import TrainedEar, TrainedReader
from content import Pack, load_pack

REPORTS = Path(__file__).parent.parent / "tests" / "data" / "reports.tsv"


class Unseen:
    """Stands in for a head: for each line, the scores of the heads that had not learned from its writer."""

    def __init__(self, lesson: Lesson, logits: np.ndarray, cuts: dict[str, float]) -> None:
        self.classes, self.cuts, self.spelling = lesson.classes, cuts, lesson.spelling
        self._rows: dict[str, Scores] = {}
        for row, line in zip(lesson.rows, logits, strict=True):
            if not math.isnan(line[0]):
                self._rows[row.text] = self._scores(line)

    def _scores(self, line: np.ndarray) -> Scores:
        start, found = 0, {}
        for group in GROUPS:
            names = self.classes[group]
            found[group] = dict(zip(names, softmax(line[None, start : start + len(names)])[0].tolist(), strict=True))
            start += len(names)
        return Scores(**found)

    def scores(self, text: str) -> Scores:
        """The line's scores."""
        return self._rows[text]

    def alarming(self, texts: list[str], _harmless: str, _most: int) -> list[str]:
        """All of them: what their words alone say isn't kept."""
        return texts

    def dangers(self, texts: list[str]) -> list[dict[str, float]]:
        """The clauses' chances of each danger."""
        return [self._rows[text].danger for text in texts]


def main() -> None:
    """Print the figures."""
    pack = load_pack()
    encoder = Encoder()
    lines = rows_of(pack)
    lesson = Lesson.made([*lines, *clauses_of(line for line in lines if line.danger)], pack.wordlist, encoder)
    logits = unseen(lesson)
    cuts = cuts_of(lesson, logits)
    head: Head = Unseen(lesson, logits, cuts)  # type: ignore[assignment]
    rows = [row for row, line in zip(lesson.rows, logits, strict=True) if not row.whole and not math.isnan(line[0])]
    print(f"{len(rows)} lines. Thresholds: {cuts}")
    _standards(pack, head, rows)
    _dangers(pack, head, rows)
    _others(pack, head, rows)
    learned = whole(pack, lesson, encoder, cuts)
    _reports(pack, learned)
    say_locked(Engine(pack, TrainedReader(pack, learned, PlainReader(pack)), learned))


def _standards(pack: Pack, head: Head, rows: list) -> None:  # type: ignore[type-arg]
    reader = TrainedReader(pack, head, PlainReader(pack))
    inside = [(row.topic, reader.read(row.text)) for row in rows if row.topic in pack.by_id]
    outside = [reader.read(row.text) for row in rows if row.topic == NOT_COVERED and row.intent == "other"]
    _say("right standard first", (found.standards[0].id == wanted for wanted, found in inside if found.standards))
    _say("right one in the three", (wanted in {one.id for one in found.standards} for wanted, found in inside))
    _say("covered, wrongly refused", (found.decision == "refuse" for _, found in inside))
    _say("not covered, refused", (found.decision == "refuse" for found in outside))


def _dangers(pack: Pack, head: Head, rows: list) -> None:  # type: ignore[type-arg]
    alarm, ear = Alarm(pack, head.spelling), TrainedEar(pack, head)

    def hear(text: str) -> Danger | None:
        return next(iter(ear.weigh(text, alarm.listen(text))), None)

    told = [(row.danger, hear(row.text)) for row in rows if row.intent == TOLD]
    alike = [hear(row.text) for row in rows if row.looks_dangerous]
    asked = [hear(row.text) for row in rows if row.intent == "ask" and row.danger == HARMLESS]
    _say("danger: card", (found is not None and found.strength == "card" for _, found in told))
    _say("danger: card or caution", (found is not None for _, found in told))
    _say("danger: the right one, where heard", (found.card.id == wanted for wanted, found in told if found))
    _say("look-alike: no card", (found is None or found.strength != "card" for found in alike))
    _say("look-alike: nothing at all", (found is None for found in alike))
    _say("ordinary question: no card", (found is None or found.strength != "card" for found in asked))
    _say("ordinary question: nothing at all", (found is None for found in asked))


def _others(pack: Pack, head: Head, rows: list) -> None:  # type: ignore[type-arg]
    kinds = [(row.intent, intent_of(row.text, None, head.scores(row.text))) for row in rows if row.intent]
    kinds = [(wanted, got) for wanted, got in kinds if wanted != TOLD]
    _say("intent, questions taken as such", (got in ("ask", "other") for wanted, got in kinds if wanted == "ask"))
    _say("intent, all others", (got == wanted for wanted, got in kinds if wanted != "ask"))
    reporter = Reporter(pack, head)
    reports = [(row.issue, reporter.read(row.text)) for row in rows if row.issue]
    _say("report: category", (found is not None and found.category.code == wanted for wanted, found in reports))


def _reports(pack: Pack, head: Head) -> None:
    """The reports of tests/data/reports.tsv, which are never learned from, read by the whole head."""
    reporter = Reporter(pack, head)
    lines = [line.split("\t") for line in REPORTS.read_text("utf-8").splitlines() if not line.startswith("#")]
    read = [(line, reporter.read(line[4])) for line in lines]
    found = [(line, report) for line, report in read if report]
    _say("set aside, category", (report.category.code == line[0] for line, report in found))
    _say("set aside, Awaab's Law", (report.awaab == (line[1] == "yes") for line, report in found))
    _say("set aside, complaint", (report.complaint == (line[2] == "yes") for line, report in found))
    _say("set aside, place", (keys(report.where.place) == keys(line[3] or None) for line, report in found))


def _say(name: str, hits: Iterable[bool]) -> None:
    found = list(hits)
    print(f"{name:36} {share(sum(found), len(found))}  of {len(found)}")


if __name__ == "__main__":
    main()
