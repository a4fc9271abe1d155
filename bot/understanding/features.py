"""A message as numbers: the sentence encoder's sense of it, and its words and letters in hashed tf-idf.

The lexical half has `BINS` places; words, pairs of words and groups of two to five letters fall into them by CRC-32, which is
the same on every machine. Each half has its own length, so that none drowns the other.
"""

import math
from collections import defaultdict
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.understanding.words import Slips, stem, tokens

BITS = 15
BINS = 1 << BITS
LETTERS = (2, 3, 4, 5)
LETTER_WEIGHT, WORD_WEIGHT = 0.8, 1.0

Sparse = tuple[NDArray[np.int32], NDArray[np.float32]]


def _bin(feature: str) -> int:
    return crc32(feature.encode()) & (BINS - 1)


DENIES = frozenset(
    "no not never without isnt wasnt arent werent didnt doesnt dont hasnt havent aint cant wont nothing none stopped "
    "false".split()
)
DENIED = 5


def lexical(words: list[str]) -> tuple[dict[int, float], dict[int, float]]:
    """Counts by bin: of words, pairs of them and words that are denied just before, and of groups of letters."""
    stems = [stem(word) for word in words]
    whole: dict[int, float] = defaultdict(float)
    parts: dict[int, float] = defaultdict(float)
    for one in stems:
        whole[_bin(one)] += 1.0
    for first, second in pairwise(stems):
        whole[_bin(f"{first} {second}")] += 0.7
    denied = 0
    for word, root in zip(words, stems, strict=True):
        if denied:
            whole[_bin("!" + root)] += 1.0
        denied = DENIED if word in DENIES else max(0, denied - 1)
    for word in words:
        edged = f" {word} "
        for size in LETTERS:
            for start in range(len(edged) - size + 1):
                parts[_bin("~" + edged[start : start + size])] += 1.0
    return whole, parts


def counted(text: str, slips: Slips | None = None) -> tuple[dict[int, float], dict[int, float]]:
    """`lexical` of a text."""
    return lexical([word for word in tokens(text, slips) if word != "."])


def weighted(counts: tuple[dict[int, float], dict[int, float]], idf: NDArray[np.float32]) -> Sparse:
    """Bins and values: the logarithm of each count, weighted by rarity, each half of length one."""
    bins: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    for part, weight in zip(counts, (WORD_WEIGHT, LETTER_WEIGHT), strict=True):
        places = np.fromiter(part.keys(), np.int32, len(part))
        count = np.fromiter(part.values(), np.float32, len(part))
        found = np.where(count > 1, 1 + np.log(count), count) * idf[places]
        bins.append(places)
        values.append(found * np.float32(weight / (math.sqrt(float(found @ found)) or 1.0)))
    return np.concatenate(bins), np.concatenate(values)


def rarity(counts: list[tuple[dict[int, float], dict[int, float]]]) -> NDArray[np.float32]:
    """Inverse document frequency of every bin."""
    seen = np.zeros(BINS)
    for whole, parts in counts:
        seen[list({*whole, *parts})] += 1
    return (np.log((len(counts) + 1) / (seen + 1)) + 1).astype(np.float32)
