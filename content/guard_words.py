"""The words that the privacy guard goes by. The same for every pack, so that loading another pack never weakens the guard."""

from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "privacy.yaml"


@dataclass(frozen=True)
class GuardWords:
    """Sets of lower-case words and phrases; what each is for is told in `privacy.yaml`."""

    names: frozenset[str]
    also_words: frozenset[str]
    places: frozenset[str]
    cues: frozenset[str]
    plain: frozenset[str]
    people: frozenset[str]
    homes: frozenset[str]
    health: frozenset[str]
    health_maybe: frozenset[str]
    special: frozenset[str]
    special_maybe: frozenset[str]
    labels: frozenset[str]
    labels_maybe: frozenset[str]


def guard_words() -> GuardWords:
    """Read the words. An underscore in the file stands for a space."""
    lists = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return GuardWords(**{name: frozenset(word.replace("_", " ") for word in words.split()) for name, words in lists.items()})
