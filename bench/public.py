"""The reader's features and head as a plain intent classifier, on public data that isn't shipped: beside what was published.

    python -m bench.public clinc FOLDER/data_full.json
    python -m bench.public banking FOLDER          (train.csv and test.csv)

CLINC150 (Larson et al., "An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction", 2019; CC BY 3.0) is at
github.com/clinc/oos-eval. BANKING77 (Casanueva et al., "Efficient Intent Detection with Dual Sentence Encoders", 2020; CC BY
4.0) is at github.com/PolyAI-LDN/task-specific-datasets. Learned from their training lines alone, with our own pack's settings.
"""

import argparse
import csv
import json
import time
from pathlib import Path

import numpy as np

from bot.understanding.encoder import Encoder
from bot.understanding.exam import share
from bot.understanding.learning import NOT_COVERED, Lesson, Row, fit, scored
from content import load_pack

OUTSIDE = "oos"
PUBLISHED = {
    "clinc": "published, in scope: BERT .969, MLP .935, SVM .910, CNN .912, Rasa .915, DialogFlow .917, fastText .890",
    "banking": "published: BERT fixed .872, BERT tuned .937, USE .928, ConveRT .930, USE and ConveRT .934",
}

Lines = list[tuple[str, str]]


def clinc(file: Path) -> tuple[Lines, Lines]:
    """Training and test lines, with those outside all intents under a label of their own."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return tuple([(text, label) for name in (part, f"oos_{part}") for text, label in data[name]] for part in ("train", "test"))  # type: ignore[return-value]


def banking(folder: Path) -> tuple[Lines, Lines]:
    """Training and test lines."""
    found = []
    for part in ("train", "test"):
        with (folder / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            found.append([(row["text"], row["category"]) for row in csv.DictReader(file)])
    return found[0], found[1]


def measure(train: Lines, test: Lines) -> None:
    """Learn, ask, print."""
    rows = [Row(text, "public", NOT_COVERED if label == OUTSIDE else label) for text, label in (*train, *test)]
    began = time.perf_counter()
    lesson = Lesson.made(rows, load_pack().wordlist, Encoder())
    learned = fit(lesson, np.arange(len(train)))
    asked = np.arange(len(train), len(rows))
    names = lesson.classes["topic"]
    got = [names[best] for best in scored(lesson, asked, learned).argmax(1)]
    wanted = [str(rows[row].topic) for row in asked]
    inside = [(a, b) for a, b in zip(got, wanted, strict=True) if b != NOT_COVERED]
    outside = [a for a, b in zip(got, wanted, strict=True) if b == NOT_COVERED]
    print(f"{len(train)} lines learned, {len(test)} asked, {len(names)} labels, {time.perf_counter() - began:.0f} s")
    print(f"in scope, right: {share(sum(a == b for a, b in inside), len(inside))}")
    if outside:
        print(f"out of scope, recall: {share(sum(a == NOT_COVERED for a in outside), len(outside))}")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench.public")
    parser.add_argument("kind", choices=tuple(PUBLISHED))
    parser.add_argument("where", type=Path)
    asked = parser.parse_args()
    measure(*(clinc if asked.kind == "clinc" else banking)(asked.where))
    print(PUBLISHED[asked.kind])


if __name__ == "__main__":
    main()
