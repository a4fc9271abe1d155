"""Takes out what must never be stored, before anything is written or logged; and says what it took out.

Deterministic and offline: fixed forms, word lists (`content/privacy.yaml`) and what stands around a word. In doubt it takes
out, but the useful rest of a message stays.
"""

from dataclasses import dataclass, replace

from bot.privacy.identifiers import find as find_identifiers
from bot.privacy.names import Names
from bot.privacy.people import People
from bot.privacy.span import Span
from content import GuardWords

__all__ = ["Cleaned", "Guard"]


@dataclass(frozen=True)
class Cleaned:
    """A text that may be kept, with `[name]` and the like where something was; and the kinds that were taken out."""

    text: str
    kinds: tuple[str, ...] = ()


class Guard:
    """The guard, ready to clean."""

    def __init__(self, words: GuardWords) -> None:
        self._names = Names(words)
        self._people = People(words)

    def clean(self, text: str) -> Cleaned:
        """The text without what must not be kept."""
        if not text.strip():
            return Cleaned(text)
        spans = self.spans(text)
        for span in reversed(spans):
            text = f"{text[: span.start]}[{span.kind}]{text[span.end :]}"
        return Cleaned(text, tuple(dict.fromkeys(span.kind for span in spans)))

    def spans(self, text: str) -> list[Span]:
        """What would be taken out, first to last; where two overlap they become one, under the first one's kind."""
        shouted = text.lower() if text.isupper() else text  # in capitals alone, a capital says nothing about a name
        found = [*find_identifiers(text), *self._people.find(shouted), *self._names.find(shouted)]
        merged: list[Span] = []
        for span in sorted(found, key=lambda span: (span.start, -span.end)):
            if merged and span.start < merged[-1].end:
                merged[-1] = replace(merged[-1], end=max(merged[-1].end, span.end))
            else:
                merged.append(span)
        return merged
