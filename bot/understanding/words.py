"""Words as people type them on a phone, made comparable: case, apostrophes, common slips and endings."""

import re
from collections.abc import Mapping

_WORD = re.compile(r"[a-z0-9]+|[.!?;\n]")
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s", "ly")


def tokens(text: str, slips: Mapping[str, str] | None = None) -> list[str]:
    """Lower-case words without apostrophes, slips mended, and a `.` where a sentence ends."""
    found = _WORD.findall(text.lower().replace("’", "").replace("'", "").replace("`", ""))
    words: list[str] = []
    for word in found:
        if word in ".!?;\n":
            if words and words[-1] != ".":
                words.append(".")
        else:
            words.extend((slips or {}).get(word, word).split())
    return words


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
