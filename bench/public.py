"""The reader's features and head as a plain intent classifier, on public data that isn't shipped: beside what was published.

    python -m bench.public clinc FOLDER/data_full.json
    python -m bench.public banking FOLDER          (train.csv and test.csv)
    python -m bench.public hint3 FOLDER            (train/sofmattress_train.csv, test/sofmattress_test.csv, two more of each)
    python -m bench.public corpora FOLDER          (AskUbuntuCorpus.json, ChatbotCorpus.json, WebApplicationCorpus.json)

CLINC150 (Larson et al., "An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction", 2019; CC BY 3.0) is at
github.com/clinc/oos-eval. BANKING77 (Casanueva et al., "Efficient Intent Detection with Dual Sentence Encoders", 2020; CC BY
4.0) is at github.com/PolyAI-LDN/task-specific-datasets. HINT3 (Arora et al., "HINT3: Raising the bar for Intent Detection in
the Wild", 2020; ODbL) is at github.com/hellohaptik/HINT3, under dataset/v1. The three NLU evaluation corpora (Braun et al.,
"Evaluating Natural Language Understanding Services for Conversational Question Answering Systems", 2017; questions of Stack
Exchange, CC BY-SA 3.0) are at github.com/sebischair/NLU-Evaluation-Corpora, and in node-nlp 2.3.1 under
examples/nlu-benchmark. Learned from their training lines alone, with our own pack's settings.
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
from bot.understanding.neighbours import softmax
from content import load_pack

OUTSIDE = ("oos", "NO_NODES_DETECTED")
LOW = 0.1  # HINT3's low threshold: its training lines have none that nothing covers
SHOPS = ("sofmattress", "curekart", "powerplay11")
CORPORA = ("Chatbot", "AskUbuntu", "WebApplication")
# Those of clinc, banking and hint3 were written down without the papers at hand: check them before they are quoted.
PUBLISHED = {
    "clinc": "published, in scope: BERT .969, MLP .935, SVM .910, CNN .912, Rasa .915, DialogFlow .917, fastText .890",
    "banking": "published: BERT fixed .872, BERT tuned .937, USE .928, ConveRT .930, USE and ConveRT .934",
    "hint3": "published, in scope at the low threshold (SOFMattress, Curekart, Powerplay11): BERT .735 .836 .585, "
    "Rasa .692 .840 .490, Haptik .722 .803 .665, DialogFlow .731 .750 .596, LUIS .593 .725 .480",
    "corpora": "published (Chatbot, AskUbuntu, WebApplication, all; F1): NLP.js .99 .94 .80 .93, Watson .97 .92 .83 .92, "
    "Botfuel .98 .90 .80 .91, LUIS .98 .90 .81 .91, Snips .96 .83 .78 .89, Recast .99 .86 .75 .89, Rasa .98 .86 .74 .88, "
    "DialogFlow .93 .85 .80 .87",
}

Lines = list[tuple[str, str]]


def clinc(file: Path) -> tuple[Lines, Lines]:
    """Training and test lines, with those outside all intents under a label of their own."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return tuple([(text, label) for name in (part, f"oos_{part}") for text, label in data[name]] for part in ("train", "test"))  # type: ignore[return-value]


def banking(folder: Path) -> tuple[Lines, Lines]:
    """Training and test lines."""
    return _table(folder / "train.csv", "text", "category"), _table(folder / "test.csv", "text", "category")


def hint3(folder: Path, shop: str) -> tuple[Lines, Lines]:
    """Training and test lines of one of the three shops; in the test lines what no intent covers has a label of its own."""
    train, test = (folder / part / f"{shop}_{part}.csv" for part in ("train", "test"))
    return _table(train, "sentence", "label"), _table(test, "sentence", "label")


def _table(file: Path, text: str, label: str) -> Lines:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row[text], row[label]) for row in csv.DictReader(lines)]


def corpus(file: Path) -> tuple[Lines, Lines]:
    """Training and test lines; "None" is a label like any other there."""
    lines = json.loads(file.read_text(encoding="utf-8"))["sentences"]
    train, test = ([(one["text"], one["intent"]) for one in lines if one["training"] is part] for part in (True, False))
    return train, test


def read(train: Lines, test: Lines, least: float = 0.0) -> list[tuple[str, str]]:
    """For each test line the label that was read, if its chance is at `least` so much, and the one that was wanted."""
    rows = [Row(text, "public", NOT_COVERED if label in OUTSIDE else label) for text, label in (*train, *test)]
    lesson = Lesson.made(rows, load_pack().wordlist, Encoder())
    learned = fit(lesson, np.arange(len(train)))
    asked = np.arange(len(train), len(rows))
    names = np.array(lesson.classes["topic"])
    chances = softmax(scored(lesson, asked, learned)[:, : len(names)])
    found = np.where(chances.max(1) >= least, names[chances.argmax(1)], NOT_COVERED)
    return [(str(got), str(rows[row].topic)) for got, row in zip(found, asked, strict=True)]


def measure(train: Lines, test: Lines, least: float = 0.0) -> None:
    """Learn, ask, print: what is in scope and what isn't."""
    began = time.perf_counter()
    found = read(train, test, least)
    inside = [(got, wanted) for got, wanted in found if wanted != NOT_COVERED]
    outside = [got for got, wanted in found if wanted == NOT_COVERED]
    labels = len({label for _, label in train})
    print(f"{len(train)} lines learned, {len(test)} asked, {labels} labels, {time.perf_counter() - began:.0f} s")
    print(f"in scope, right: {share(sum(got == wanted for got, wanted in inside), len(inside))}")
    if outside:
        print(f"out of scope, recall: {share(sum(got == NOT_COVERED for got in outside), len(outside))}")


def measure_corpora(folder: Path) -> None:
    """Each corpus by itself, then all three; one label a line, so what is right is also the F1 over all lines."""
    every: list[bool] = []
    for name in CORPORA:
        right = [got == wanted for got, wanted in read(*corpus(folder / f"{name}Corpus.json"))]
        print(f"{name}: {share(sum(right), len(right))}  of {len(right)}")
        every.extend(right)
    print(f"all three: {share(sum(every), len(every))}  of {len(every)}")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench.public")
    parser.add_argument("kind", choices=tuple(PUBLISHED))
    parser.add_argument("where", type=Path)
    asked = parser.parse_args()
    if asked.kind == "corpora":
        measure_corpora(asked.where)
    elif asked.kind == "hint3":
        for shop in SHOPS:
            print(shop)
            measure(*hint3(asked.where, shop), LOW)
    else:
        measure(*(clinc if asked.kind == "clinc" else banking)(asked.where))
    print(PUBLISHED[asked.kind])


if __name__ == "__main__":
    main()
