"""Words as people type them on a phone, made comparable: case, apostrophes, common slips and endings."""

import re
from typing import Protocol

_WORD = re.compile(r"[a-z0-9]+|[.!?;\n]")
_LETTERS = re.compile(r"[A-Za-z]{3,}(?!['’])")
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s", "ly")


class Slips(Protocol):
    """What was meant by a word that slipped: a dictionary of them, or `spelling.Spelling`."""

    def get(self, word: str, default: str, /) -> str:
        """The word that was meant, or `default`."""
        ...


def tokens(text: str, slips: Slips | None = None) -> list[str]:
    """Lower-case words without apostrophes, slips mended, and a `.` where a sentence ends."""
    found = _WORD.findall(text.lower().replace("’", "").replace("'", "").replace("`", ""))
    words: list[str] = []
    for word in found:
        if word in ".!?;\n":
            if words and words[-1] != ".":
                words.append(".")
        else:
            words.extend(slips.get(word, word).split() if slips else (word,))
    return words


def mended(text: str, slips: Slips) -> str:
    """The text with its slips mended where they stand."""
    return _LETTERS.sub(lambda found: slips.get(found[0].lower(), found[0]), text)


def stem(word: str) -> str:
    """The word without a common ending; at least three letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def squash(text: str) -> str:
    """The words of a text with single spaces: how two typed commands are compared."""
    return " ".join(word for word in tokens(text) if word != ".")


_SMALL = frozenset(
    "a an the is are was were be do does did can could i im we you he she it they of to in on at for and or but with that this "
    "what whats how my our your please standard say says about there any if so just me us".split()
)


def key_of(text: str) -> str:
    """A question without its small words, endings and order: the same for those who ask the same thing a little differently."""
    found = {stem(word) for word in tokens(text) if word not in _SMALL and word != "."}
    return " ".join(sorted(found))[:200] or squash(text)[:200]
