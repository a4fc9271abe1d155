"""Suspects a danger that no danger word names: "bad cabbage smell and the dog wont go in".

Likeness to the pack's danger messages against its harmless look-alikes. A hunch is only ever a caution: one line over the
normal answer. The card itself takes the danger words of `bot.understanding.danger`.
"""

import re
from collections.abc import Iterator

from bot.understanding.likeness import Likeness
from content import Pack, SafetyCard

HARMLESS = "NONE"
_ASKS = re.compile(r"(?i)\W*(?:can|could|may|should|do|does|what|whats|how|who|when|where|is it|are we|am i|whose|which)\b")
EVERY = 3


class Hunch:
    """Learned from the pack's examples.

    On messages of writers it had not learned from, dangers that get a card or a caution go up from .42-.45 to .59-.61, and
    the ordinary questions that get a line too many from 6 to 9 in a hundred.
    """

    sure = 1.8
    sure_of_a_question = 5.0

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        taught = HARMLESS in pack.examples and any(card.id in pack.examples for card in pack.cards)
        self._likeness = Likeness(_lines(pack)) if taught else None

    def of(self, text: str) -> SafetyCard | None:
        """The card that the text may be about, if it is more like a danger than like anything else."""
        if self._likeness is None or len(text.split()) < 3:
            return None
        scores = self._likeness.scores(text)
        harmless = scores.pop(HARMLESS)
        likeliest = max(scores, key=lambda card: scores[card])
        needed = self.sure_of_a_question if _ASKS.match(text) else self.sure
        return self._pack.card_by_id[likeliest] if scores[likeliest] - harmless > needed else None


def _lines(pack: Pack) -> Iterator[tuple[str, str, float]]:
    """Dangers by card; look-alikes, what isn't covered, and every third question about a standard as harmless."""
    for card in pack.cards:
        for line in (*pack.lines(card.id), card.title, card.caution, *card.first, *card.more):
            yield card.id, line, 1.0
    for line in (*pack.lines(HARMLESS), *pack.lines("not-covered")):
        yield HARMLESS, line, 1.0
    for standard in pack.standards:
        for line in pack.lines(standard.id)[::EVERY]:
            yield HARMLESS, line, 1.0
