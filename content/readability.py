"""How old must a reader be? A plain measure, to keep the pack's English fit for someone in a hurry.

The Flesch-Kincaid grade (Kincaid and others, 1975) plus five gives a reading age in years. Syllables are counted by a
rule of thumb for English spelling; that is near enough, because the measure is taken over a whole text and not a line.
Words that the trade uses every day (`landlord`, `asbestos`) count as easy ones: everybody on site knows them.
"""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_SENTENCE_END = re.compile(r"[.!?:;]+(?:\s|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^dt]ed|[^l]e)$")


def syllables(word: str) -> int:
    """Syllables of an English word, by its spelling; at least one."""
    plain = re.sub(r"['’].*", "", word.lower())
    plain = _SILENT.sub("", plain) or plain
    return max(1, len(_VOWELS.findall(plain)))


def reading_age(lines: Iterable[str], easy: frozenset[str] = frozenset()) -> float:
    """Reading age in years of the lines as one text; a line is at least one sentence, capitals (`RSH`) are not counted."""
    sentences = words = sounds = 0
    for line in lines:
        sentences += max(1, len([part for part in _SENTENCE_END.split(line) if part.strip()]))
        for word in _WORD.findall(line):
            if word.isupper() and len(word) > 1:
                continue
            words += 1
            sounds += min(2, syllables(word)) if word.lower() in easy else syllables(word)
    if not words:
        return 0.0
    return 0.39 * words / sentences + 11.8 * sounds / words - 15.59 + 5
