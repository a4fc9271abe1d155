"""Small patterns over words, as content files hold them.

`[smell]` is a set from words.yaml, `a|b` is either word, `fainted|passed_out` has two words as one of them, `word?` may be
missing, `..` is a gap of up to four words within a sentence. They are matched against `heard(text)`: plain words with a space
on either side.
"""

import re
from collections.abc import Mapping

from bot.understanding.words import Slips, tokens

GAP = r"(?: (?!\.)[^ ]+){0,4}?"


def heard(text: str, slips: Slips) -> str:
    """The text as patterns see it."""
    return " " + " ".join(tokens(text, slips)) + " "


def compile_lines(lines: tuple[str, ...], sets: Mapping[str, tuple[str, ...]]) -> re.Pattern[str] | None:
    """One pattern for all the lines; None when there are none. Raises KeyError for a set that isn't there."""
    return re.compile("(?:" + "|".join(_pattern(line, sets) for line in lines) + ")(?= )") if lines else None


def _pattern(line: str, sets: Mapping[str, tuple[str, ...]]) -> str:
    pattern = ""
    for part in line.split():
        if part == "..":
            pattern += GAP
            continue
        optional = part.endswith("?")
        words = part.removesuffix("?").split("|")
        found = "|".join(re.escape(word) for name in words for word in _words(name, sets))
        pattern += f"(?: (?:{found}))" + ("?" if optional else "")
    return pattern


def _words(name: str, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sets[name[1:-1]]) if name.startswith("[") else (name.replace("_", " "),)
