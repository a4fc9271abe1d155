"""What was learned from a pack's examples: four heads over one message's features, and where their lines are drawn.

Each head has two opinions: a linear one, and that of the examples nearest to the message (`neighbours`).

The heads are `topic` (the standards and "not covered"), `danger` (the safety cards and "none"), `intent` and `issue` (the
categories of what is reported). A file holds their weights, a byte each, with what they were learned from.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import NoHead
from bot.understanding.encoder import Encoder
from bot.understanding.features import BINS, counted, weighted
from bot.understanding.neighbours import Neighbours, mixed, softmax
from bot.understanding.spelling import Spelling
from bot.understanding.words import mended
from content.pack import Wordlist

FORMAT = 7
LEXICAL, SENSE = 2.0, 3.0
GROUPS = ("topic", "danger", "intent", "issue")

Chances = dict[str, float]


@dataclass(frozen=True)
class Scores:
    """The chance of every class of each head; each head's add up to 1."""

    topic: Chances
    danger: Chances
    intent: Chances
    issue: Chances


class Head:
    """Scores messages. `cuts` are the thresholds that were set on lines of writers it had not learned from."""

    def __init__(
        self,
        encoder: Encoder,
        classes: Mapping[str, tuple[str, ...]],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        rarity: NDArray[np.float32],
        near: Neighbours,
        spelling: Spelling,
        cuts: Mapping[str, float],
        learned_from: str,
    ) -> None:
        self.encoder = encoder
        self.classes = dict(classes)
        self.cuts = dict(cuts)
        self.learned_from = learned_from
        self.spelling = spelling
        self._rarity = rarity
        self._near = near
        self._bias = bias
        self._scale = np.abs(weights).max(axis=0) / 127 + 1e-12
        self._lexical = np.round(weights[:BINS] / self._scale).astype(np.int8)
        self._sense = weights[BINS:].astype(np.float32)
        self.scores = lru_cache(maxsize=64)(self._scores)  # a turn asks for the same text more than once

    def _scores(self, text: str) -> Scores:
        return Scores(**{group: chances[0] for group, chances in self._chances([text], GROUPS).items()})

    def dangers(self, texts: Sequence[str]) -> list[Chances]:
        """The danger head alone, for each text."""
        return self._chances(texts, ("danger",))["danger"]

    def alarming(self, texts: Sequence[str], harmless: str, most: int) -> Sequence[str]:
        """Those texts whose mere words are the least `harmless` to the danger head: a hint for a tenth of what it all costs."""
        if len(texts) <= most:
            return texts
        start = len(self.classes["topic"])
        columns = slice(start, start + len(self.classes["danger"]))
        words = np.stack([self._by_words(text)[columns] for text in texts])
        said = softmax(np.asarray(words + self._bias[columns], np.float32))
        return [texts[row] for row in np.argsort(said[:, self.classes["danger"].index(harmless)])[:most]]

    def _by_words(self, text: str) -> NDArray[np.float32]:
        bins, values = weighted(counted(text, self.spelling), self._rarity)
        return np.asarray((values * LEXICAL) @ self._lexical[bins].astype(np.float32) * self._scale, np.float32)

    def _chances(self, texts: Sequence[str], groups: Sequence[str]) -> dict[str, list[Chances]]:
        sense = self.encoder.encode([mended(text, self.spelling) for text in texts])
        words = np.stack([self._by_words(text) for text in texts])
        logits = np.asarray(sense * SENSE @ self._sense + self._bias + words, np.float32)
        votes, start, chances = self._near.votes_of(sense), 0, {}
        for number, group in enumerate(GROUPS):
            names = self.classes[group]
            columns = slice(start, start := start + len(names))
            if group in groups:
                both = softmax(mixed(softmax(logits[:, columns]), votes(number))) if names else logits[:, columns]
                chances[group] = [dict(zip(names, row, strict=True)) for row in both.tolist()]
        return chances

    def save(self, path: Path) -> None:
        """Write the file whole, or not at all."""
        about = {
            "format": FORMAT,
            "classes": self.classes,
            "cuts": self.cuts,
            "learned_from": self.learned_from,
            "used": self.spelling.used,
        }
        partly = path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        with partly.open("wb") as file:
            np.savez_compressed(
                file, about=np.array(json.dumps(about)), lexical=self._lexical, scale=self._scale, bias=self._bias,
                sense=self._sense.astype(np.float16), known=self.spelling.known, rarity=self._rarity.astype(np.float16),
                **self._near.packed(),
            )  # fmt: skip
        partly.replace(path)

    @classmethod
    def load(cls, path: Path, encoder: Encoder, wordlist: Wordlist, wanted: str) -> "Head":
        """Read a file that `save` wrote.

        Raises:
            NoHead: there is none, or it was learned from other examples than `wanted`.
        """
        if about_file(path).get("learned_from") != wanted:
            raise NoHead(f"{path} was learned from other examples")
        with np.load(path) as stored:
            about = json.loads(str(stored["about"]))
            head = cls.__new__(cls)
            head.encoder = encoder
            head.classes = {group: tuple(names) for group, names in about["classes"].items()}
            head.cuts, head.learned_from = about["cuts"], about["learned_from"]
            head.spelling = Spelling(wordlist, about["used"], stored["known"])
            head._rarity, head._sense = stored["rarity"].astype(np.float32), stored["sense"].astype(np.float32)
            head._lexical, head._scale, head._bias = stored["lexical"], stored["scale"], stored["bias"]
            head._near = Neighbours.unpacked(stored, len(GROUPS))
        head.scores = lru_cache(maxsize=64)(head._scores)
        return head


def about_file(path: Path) -> dict[str, Any]:
    """What a file says of itself. Raises NoHead when it isn't one of ours."""
    try:
        with np.load(path) as stored:
            about: dict[str, Any] = json.loads(str(stored["about"]))
    except (OSError, ValueError, KeyError) as error:
        raise NoHead(f"{path} is not there, or can't be read") from error
    if about.get("format") != FORMAT:
        raise NoHead(f"{path} is of another version")
    return about
