"""Mends slips of the thumb: the pack's own list first, then a word that nobody knows and that is a letter or two from one.

A word is left alone when it is in the dictionary or the pack uses it, when it is short, holds a figure, or when two words are
as near. Nothing is ever mended into a word of the pack's `never_into` list ("vape" is no slip for a crime): a wrong guess there
would say something that nobody said.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from content.pack import Wordlist

SHORTEST, LONG = 4, 8  # letters: of a word that is mended, and of one where two may be wrong
COMMON = 3  # times the pack uses a word that others are mended into
CLEARLY = 3  # times as often as the next word that is as near

Hashes = NDArray[np.uint32]


def common_words() -> Hashes:
    """The English words of pyspellchecker's list (MIT), as sorted CRC-32; none where the package is missing."""
    try:
        file = next(file for file in distribution("pyspellchecker").files or [] if file.name == "en.json.gz")
    except (PackageNotFoundError, StopIteration):
        return np.zeros(0, np.uint32)
    return hashes(json.loads(gzip.decompress(file.read_binary())))


def hashes(words: Iterable[str]) -> Hashes:
    """Words as numbers that are quick to look up and small to keep."""
    return np.unique(np.array([crc32(word.encode()) for word in words], np.uint32))


class Spelling:
    """What was meant by a word. `used` are the pack's words and how often; `known` the hashes of words to leave alone."""

    def __init__(self, wordlist: Wordlist, used: Mapping[str, int], known: Hashes) -> None:
        self.used = {word: times for word, times in used.items() if times >= COMMON and word.isalpha()}
        self.known = known
        self._slips = dict(wordlist.slips)
        self._near: dict[str, list[str]] = {}
        for word in sorted(self.used.keys() - set(wordlist.never_into)) if len(known) else ():
            if len(word) >= SHORTEST:
                for form in _shorter(word):
                    self._near.setdefault(form, []).append(word)
        self._mended = lru_cache(maxsize=4096)(self._mend)

    def get(self, word: str, default: str, /) -> str:
        """The word that was meant, or `default`."""
        return self._slips.get(word) or self._mended(word) or default

    def _mend(self, word: str) -> str | None:
        if len(word) < SHORTEST or not word.isalpha() or word in self.used or self._is_known(word):
            return None
        found = {near for form in _shorter(word) for near in self._near.get(form, ())}
        near = [(apart, -self.used[one], one) for one in found if (apart := self._apart(word, one))]
        match sorted(near):
            case [(_, _, only)]:
                return only
            case [(apart, times, best), (further, rarer, _), *_] if further > apart or times < CLEARLY * rarer:
                return best
        return None

    def _is_known(self, word: str) -> bool:
        number = np.uint32(crc32(word.encode()))
        place = int(np.searchsorted(self.known, number))
        return place < len(self.known) and bool(self.known[place] == number)

    @staticmethod
    def _apart(word: str, meant: str) -> int | None:
        """How far the two are apart; None where that is too far for a slip."""
        apart = OSA.distance(word, meant)
        if len(word) >= LONG:
            return apart if apart <= 2 else None
        same = sorted(word) == sorted(meant) or len(meant) > len(word) if len(word) == SHORTEST else True
        return apart if apart == 1 and same and word[0] == meant[0] else None


def _shorter(word: str) -> set[str]:
    """The word, and the word with each one letter left out; of long words also with each second one."""
    forms = {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}
    if len(word) >= LONG:
        forms |= {form[:place] + form[place + 1 :] for form in tuple(forms) for place in range(len(form))}
    return forms
