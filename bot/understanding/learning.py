"""Learns the heads from a pack's examples: the same figures from the same examples on the same machine.

Multinomial logistic regression with softened labels, by Adam over shuffled batches. A row may belong to some heads and not to
others: a question about shoe covers says nothing of which kind of repair it is. Thresholds are set on scores of lines whose
writers the scoring head had not learned from, because lines of one hand resemble each other more than they do the world.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.clauses import clauses
from bot.understanding.encoder import WIDTH, Encoder
from bot.understanding.features import BINS, Sparse, counted, rarity, weighted
from bot.understanding.head import FORMAT, GROUPS, LEXICAL, SENSE, Head
from bot.understanding.intent import TOLD
from bot.understanding.neighbours import ASKED, DAMPED, KEEN, LOOKED, ROOM, ROUGH, WEIGHT, Neighbours, mixed, softmax
from bot.understanding.spelling import Spelling, common_words
from bot.understanding.words import mended, tokens
from content import Pack
from content.pack import Wordlist

NOT_COVERED, HARMLESS = "not-covered", "NONE"
EPOCHS, BATCH, RATE, SOFT, DECAY = 10, 512, 0.03, 0.15, 1e-5
FOLDS = 4
OF_DANGERS = frozenset(  # kinds of report that may tell of a danger: they can't teach what is harmless; damp and cold can
    "HZ-GAS HZ-CO HZ-ELEC HZ-FIRE HZ-STRUCT HZ-ASB HZ-SHARP HZ-FALL HS-NEAR HS-INC SG-REF CN-CONDUCT".split()
)
EVEN = 250  # lines of a class that count as one each
EVENED = {"topic": 0.5, "danger": 0.5, "intent": 0.9, "issue": 0.5}

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Row:
    """A line to learn from, its label in each head that it belongs to, and who wrote it.

    A clause of a line has no labels and isn't learned from; `whole` is the line that it stands in.
    """

    text: str
    hand: str
    topic: str | None = None
    danger: str | None = None
    intent: str | None = None
    issue: str | None = None
    whole: str | None = None

    @property
    def looks_dangerous(self) -> bool:
        """Whether it was written as a look-alike of a danger: it is nothing else."""
        return self.danger == HARMLESS and not self.topic and not self.intent


def rows_of(pack: Pack) -> list[Row]:
    """Every line that a pack teaches."""
    return [*_of_standards(pack), *_of_cards(pack), *_of_intents(pack)]


def _of_standards(pack: Pack) -> Iterator[Row]:
    near_danger = {card.standard for card in pack.cards}  # much of what these govern is a danger: it can't teach what is none
    for standard in pack.standards:
        for line in (standard.title, standard.statement, *standard.do, *standard.dont, *standard.asks, *standard.words):
            yield Row(line, "pack", standard.id, None, "ask")
        for hand, line in pack.written(standard.id):
            yield Row(line, hand, standard.id, None if standard.id in near_danger else HARMLESS, "ask")
    for hand, line in pack.written(NOT_COVERED):
        yield Row(line, hand, NOT_COVERED, HARMLESS, "other")
    for entry in pack.entries:
        for line in (entry.title, *entry.asks):
            yield Row(line, "pack", entry.standard if entry.standard in pack.by_id else None, HARMLESS, "ask")


def _of_cards(pack: Pack) -> Iterator[Row]:
    for card in pack.cards:
        for hand, line in pack.written(card.id):
            yield Row(line, hand, None, card.id, TOLD)
        for line in (card.title, card.caution):
            yield Row(line, "pack", None, card.id, None)
    for hand, line in pack.written(HARMLESS):
        yield Row(line, hand, None, HARMLESS, None)


def _of_intents(pack: Pack) -> Iterator[Row]:
    for label in pack.examples:
        kind, _, name = label.partition("/")
        for hand, line in pack.written(label) if name else ():
            if kind == "intents":  # a cry for help can't teach what is harmless
                topic = NOT_COVERED if name in ("smalltalk", "other") else None
                yield Row(line, hand, topic, None if name == "emergency" else HARMLESS, name)
            else:
                yield Row(line, hand, None, None if name in OF_DANGERS else HARMLESS, "log", name)


def clauses_of(rows: Iterable[Row]) -> Iterator[Row]:
    """The clauses of lines that have more than one."""
    return (Row(clause, row.hand, whole=row.text) for row in rows for clause in clauses(row.text))


def fingerprint(pack: Pack) -> str:
    """What the heads are learned from, as a hash: the lines, their labels, the slips and this program's way of learning."""
    from bot.understanding.thresholds import LINES  # noqa: PLC0415  # it needs this module

    ways = (EPOCHS, BATCH, RATE, SOFT, DECAY, LEXICAL, SENSE, BINS, ROOM, DAMPED, ASKED, KEEN, WEIGHT, ROUGH, LOOKED)
    total = hashlib.sha256(" ".join(map(str, (FORMAT, *LINES, *ways))).encode())
    for row in rows_of(pack):
        total.update(repr(row).encode())
    total.update(repr((sorted(pack.wordlist.slips.items()), pack.wordlist.never_into)).encode())
    return total.hexdigest()


@dataclass(frozen=True)
class Lesson:
    """Rows made ready: their sense, their words, and their labels by head as columns of ones."""

    rows: list[Row]
    spelling: Spelling
    sense: Matrix
    counts: list[tuple[dict[int, float], dict[int, float]]]
    classes: dict[str, tuple[str, ...]]
    labels: Matrix

    @classmethod
    def of(cls, pack: Pack, encoder: Encoder) -> "Lesson":
        """A pack's rows, and the clauses of its look-alikes, by which the thresholds of danger are set."""
        rows = rows_of(pack)
        return cls.made([*rows, *clauses_of(row for row in rows if row.looks_dangerous)], pack.wordlist, encoder)

    @classmethod
    def made(cls, rows: list[Row], wordlist: Wordlist, encoder: Encoder) -> "Lesson":
        """Read and encode rows; the slow part."""
        used = Counter(word for row in rows if not row.whole for word in tokens(row.text, wordlist.slips))
        spelling = Spelling(wordlist, used, common_words())
        classes = {group: tuple(sorted({label for row in rows if (label := getattr(row, group))})) for group in GROUPS}
        place = {(group, name): number for number, (group, name) in enumerate((g, n) for g in GROUPS for n in classes[g])}
        labels = np.zeros((len(rows), len(place)), np.float32)
        for number, row in enumerate(rows):
            for group in GROUPS:
                if label := getattr(row, group):
                    labels[number, place[group, label]] = 1
        start = 0
        for group in GROUPS:
            columns = slice(start, start := start + len(classes[group]))
            labels[:, columns] *= _evened(labels[:, columns], EVENED[group])
        return cls(
            rows,
            spelling,
            encoder.encode([mended(row.text, spelling) for row in rows]),
            [counted(row.text, spelling) for row in rows],
            classes,
            labels,
        )

    def columns(self) -> list[slice]:
        """Where each head's classes stand."""
        ends = np.cumsum([0, *(len(self.classes[group]) for group in GROUPS)])
        return [slice(start, end) for start, end in pairwise(ends.tolist()) if end > start]

    def classed(self) -> NDArray[np.int16]:
        """For every row and head, the number of its class; -1 where it belongs to none."""
        number = {group: {name: place for place, name in enumerate(self.classes[group])} for group in GROUPS}
        rows = [[number[group].get(getattr(row, group), -1) for group in GROUPS] for row in self.rows]
        return np.array(rows, np.int16)

    def taught(self) -> NDArray[np.int64]:
        """The numbers of the rows that are learned from."""
        return np.array([number for number, row in enumerate(self.rows) if not row.whole])

    def votes(self) -> list[Matrix]:
        """For every head, what a vote for each of its classes weighs."""
        counts = [Counter(getattr(row, group) for row in self.rows) for group in GROUPS]
        return [
            np.array([math.sqrt(EVEN / found[name]) for name in self.classes[group]], np.float32)
            for group, found in zip(GROUPS, counts, strict=True)
        ]

    def folds(self) -> NDArray[np.int64]:
        """A fold for every row: by hand, or by turns where one hand wrote all there is of a label."""
        hands: dict[str | None, set[str]] = {}
        for row in self.rows:
            hands.setdefault(_main(row), set()).add(row.hand)
        order = _shared_out(Counter(row.hand for row in self.rows if not row.whole))
        folds, of_line = [], dict[str, int]()
        for number, row in enumerate(self.rows):
            turn = order[row.hand] if len(hands[_main(row)] - {"pack"}) > 2 else number
            of_line.setdefault(row.text, -1 if row.hand == "pack" else turn % FOLDS)
            folds.append(of_line[row.whole or row.text])
        return np.array(folds)


def _shared_out(written: Counter[str]) -> dict[str, int]:
    """A fold for every hand, so that each fold holds about as many lines: the hand that wrote most first, into the emptiest."""
    filled, folds = [0] * FOLDS, {}
    for hand, lines in sorted(written.items(), key=lambda one: (-one[1], one[0])):
        folds[hand] = min(range(FOLDS), key=filled.__getitem__)
        filled[folds[hand]] += lines
    return folds


def _evened(labels: Matrix, power: float) -> Matrix:
    """How much a line of each class counts: more where there are few of them."""
    share: Matrix = ((EVEN / np.maximum(labels.sum(0), 1)) ** power).clip(0.05, 4).astype(np.float32)
    return share


def _main(row: Row) -> str | None:
    """The label for whose sake the line was written."""
    wanted = row.intent if row.intent not in ("ask", TOLD) else None
    return row.issue or wanted or row.topic or row.danger


@dataclass(frozen=True)
class Learned:
    """Weights, biases and rarities of the linear heads, and the examples they were learned from."""

    weights: Matrix
    bias: Matrix
    idf: Matrix
    near: Neighbours


def fit(lesson: Lesson, taught: NDArray[np.int64]) -> Learned:
    """Learn from the rows whose numbers are in `taught`."""
    idf = rarity([lesson.counts[number] for number in taught])
    words = {int(number): weighted(lesson.counts[number], idf) for number in taught}
    chance = np.random.default_rng(26)
    width = lesson.labels.shape[1]
    weights, bias = np.zeros((BINS + WIDTH, width), np.float32), np.zeros(width, np.float32)
    slopes = [_Adam(weights), _Adam(bias)]
    for epoch in range(EPOCHS):
        order = chance.permutation(taught)
        rate = RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            given = _Given([words[int(number)] for number in batch], lesson.sense[batch])
            error = _error(given.through(weights) + bias, lesson.labels[batch], lesson.columns()) / len(batch)
            slope = given.back(error.astype(np.float32, copy=False))
            slope += DECAY * weights
            slopes[0].step(slope, rate)
            slopes[1].step(error.sum(0, dtype=np.float32), rate)
    return Learned(weights, bias, idf, Neighbours.of(lesson.sense[taught], lesson.classed()[taught], lesson.votes()))


class _Adam:
    """Kingma and Ba's rule for one array, changed in place."""

    def __init__(self, array: Matrix) -> None:
        self._array, self._steps = array, 0
        self._mean, self._square, self._spare = (np.zeros_like(array) for _ in range(3))

    def step(self, slope: Matrix, rate: float) -> None:
        """One step against `slope`, which is spent on the way. In place: new arrays of this size would take twice the time."""
        self._steps += 1
        spare = self._spare
        self._square *= 0.999
        self._square += np.multiply(np.multiply(slope, slope, out=spare), 0.001, out=spare)
        self._mean *= 0.9
        self._mean += np.multiply(slope, 0.1, out=slope)
        np.sqrt(np.multiply(self._square, 1 / (1 - 0.999**self._steps), out=spare), out=spare)
        spare += 1e-6
        np.divide(self._mean, spare, out=spare)
        spare *= rate / (1 - 0.9**self._steps)
        self._array -= spare


class _Given:
    """A batch's features: of the lexical ones only the columns that the batch uses, a third of all."""

    def __init__(self, words: list[Sparse], sense: Matrix) -> None:
        bins = np.concatenate([bins for bins, _ in words])
        self._bins, columns = np.unique(bins, return_inverse=True)
        self._words = np.zeros((len(words), len(self._bins)), np.float32)
        rows = np.repeat(np.arange(len(words)), [len(bins) for bins, _ in words])
        np.add.at(self._words, (rows, columns), np.concatenate([values for _, values in words]) * np.float32(LEXICAL))
        self._sense = sense * np.float32(SENSE)

    def through(self, weights: Matrix) -> Matrix:
        """Their products with the weights, a row for each message."""
        found: Matrix = self._words @ weights[self._bins]
        found += self._sense @ weights[BINS:]
        return found

    def back(self, error: Matrix) -> Matrix:
        """The slope of the loss by each weight."""
        slope = np.zeros((BINS + WIDTH, error.shape[1]), np.float32)
        slope[self._bins] = self._words.T @ error
        slope[BINS:] = self._sense.T @ error
        return slope


def _error(logits: Matrix, labels: Matrix, columns: list[slice]) -> Matrix:
    """The slope of the loss; nothing for a head that a row doesn't belong to."""
    slope = np.zeros_like(logits)
    for group in columns:
        wanted = labels[:, group]
        belongs = wanted.sum(1, keepdims=True)
        softened = wanted * (1 - SOFT) + belongs * SOFT / wanted.shape[1]
        slope[:, group] = softmax(logits[:, group]) * belongs - softened
    return slope


def unseen(lesson: Lesson) -> Matrix:
    """Every row's logits from heads that had not learned from its writer; NaN for the pack's own lines."""
    fold, taught = lesson.folds(), lesson.taught()
    found = np.full(lesson.labels.shape, np.nan, np.float32)
    for number in range(FOLDS):
        asked = np.flatnonzero(fold == number)
        found[asked] = scored(lesson, asked, fit(lesson, taught[fold[taught] != number]))
    return found


def scored(lesson: Lesson, asked: NDArray[np.int64], learned: Learned) -> Matrix:
    """The logits of the rows whose numbers are in `asked`, by both opinions."""
    logits = np.zeros((len(asked), lesson.labels.shape[1]), np.float32)
    for place, row in enumerate(asked):
        bins, values = weighted(lesson.counts[row], learned.idf)
        logits[place] = (values * LEXICAL) @ learned.weights[bins]
    logits += lesson.sense[asked] * SENSE @ learned.weights[BINS:] + learned.bias
    for start in range(0, len(asked), BATCH):
        some = slice(start, start + BATCH)
        start_ = 0
        for shares in learned.near.shares(lesson.sense[asked[some]]):
            columns = slice(start_, start_ := start_ + shares.shape[1])
            if shares.shape[1]:
                logits[some, columns] = mixed(softmax(logits[some, columns]), shares)
    return logits


def learn(pack: Pack, encoder: Encoder, *, cuts: dict[str, float] | None = None) -> Head:
    """Learn a pack's head. With `cuts` the thresholds aren't set anew, which takes four fifths of the time."""
    lesson = Lesson.of(pack, encoder)
    if cuts is None:
        from bot.understanding.thresholds import cuts_of  # noqa: PLC0415

        cuts = cuts_of(lesson, unseen(lesson))
    return whole(pack, lesson, encoder, cuts)


def whole(pack: Pack, lesson: Lesson, encoder: Encoder, cuts: dict[str, float]) -> Head:
    """The head that learned from every line."""
    learned = fit(lesson, lesson.taught())
    return Head(
        encoder,
        lesson.classes,
        learned.weights,
        learned.bias,
        learned.idf,
        learned.near,
        lesson.spelling,
        cuts,
        fingerprint(pack),
    )


def home_of(pack_folder: Path) -> Path:
    """Where a pack's learned file lies: beside the pack."""
    return pack_folder / "reader.npz"
