"""Which language is a message in, and does it name a danger in that language? By the pack's word lists, without a model."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from content import Language, Pack

SHARE, LEAST = 0.34, 2
SHORTEST = 4  # letters; "na" and "yo" are English enough
_STROKES = str.maketrans("łđøı", "ldoi")  # strokes that are part of the letter; people leave them out
_ENGLISH = frozenset(
    "the a an is are was were of to in on at for and or but with this that it he she they we you i my your what how when where "
    "do does did can have has not no".split()
)


@lru_cache(maxsize=64)  # a turn asks for the same text more than once
def folded(text: str) -> str:
    """Lower case, without accents; words parted by single spaces, one at either end."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return " " + " ".join(re.findall(r"[^\W_]+", "".join(one for one in plain if not _is_accent(one)))) + " "


def _is_accent(letter: str) -> bool:
    """Latin and Greek accents alone: the vowel signs of other scripts carry the sense."""
    return "\u0300" <= letter <= "\u036f"


@dataclass(frozen=True)
class _Heard:
    language: Language
    words: frozenset[str]
    dangers: tuple[tuple[str, str], ...]


class Languages:
    """The pack's languages, ready to listen."""

    def __init__(self, pack: Pack) -> None:
        self._known = [
            _Heard(
                one,
                frozenset(folded(word).strip() for word in one.words),
                tuple((card, folded(line)[:-1]) for card, lines in one.danger.items() for line in lines),
            )
            for one in pack.languages
        ]

    def danger(self, text: str) -> str | None:
        """The id of the safety card whose danger is named in another language."""
        said = folded(text)
        return next((card for one in self._known for card, line in one.dangers if line in said), None)

    def of(self, text: str) -> Language | None:
        """The language, where it is another one than English beyond doubt."""
        words = folded(text).split()
        if not words or len("".join(words)) < SHORTEST or sum(word in _ENGLISH for word in words) * 3 >= len(words):
            return None
        counted = [(sum(word in one.words for word in words), one.language) for one in self._known]
        most, language = max(counted, key=lambda pair: pair[0], default=(0, None))
        return language if most >= min(LEAST, len(words)) and most / len(words) >= SHARE else None
