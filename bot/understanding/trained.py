"""The trained reader: decides by the head that was learned from the pack's examples. Same face as the plain one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.understanding.clauses import clauses
from bot.understanding.danger import Danger, Strength, is_over_or_asked
from bot.understanding.head import Head
from bot.understanding.learning import HARMLESS, NOT_COVERED
from bot.understanding.reader import SEARCHED, Match, PlainReader, Reading
from bot.understanding.thresholds import odds, raise_by
from content import Pack

SAID = 0.5  # what danger words add to the odds that the head sees
ASKED = 1.0
SURE, SURER = 0.45, 1.0  # how far below a caution's odds the head must be to pass over words of a possible danger, and of one
QUIET = -2.0  # odds of a message in which no clause is ever loud enough
LOOKED = 3  # clauses that are read whole, those with the most alarming words
FEWEST = 3  # words; shorter lines are heard by their danger words alone
_ASKS = re.compile(r"(?i)\W*(?:can|could|may|should|do|does|what|whats|how|who|when|where|is it|are we|am i|whose|which)\b")


class TrainedReader:
    """Reads questions with the topic head. Search words and rules are the plain reader's."""

    def __init__(self, pack: Pack, head: Head, plain: PlainReader) -> None:
        self._pack = pack
        self._head = head
        self._plain = plain
        self.read = lru_cache(maxsize=64)(self._read)  # a turn asks for the same text more than once

    def _read(self, text: str) -> Reading:
        """See `Reader.read`."""
        core, words = self._plain.core(text)
        if not words:
            return Reading("refuse", ())
        chances = dict(self._head.scores(text).topic)
        uncovered = chances.pop(NOT_COVERED, 0.0)
        ranked = sorted((name for name in chances if name in self._pack.by_id), key=lambda name: -chances[name])[:3]
        if not ranked:
            return self._plain.read(text)
        covered = sum(chances.values()) or 1.0
        if keyword := self._plain.keyword(core):
            others = [name for name in ranked if name != keyword]
            return Reading("answer", (Match(keyword, SEARCHED), *(Match(name, _score(chances[name])) for name in others[:2])))
        standards = tuple(Match(name, _score(chances[name])) for name in ranked)
        cuts = self._head.cuts
        sure = odds(1 - uncovered)
        if entry := self._plain.rule(core, words, ranked):
            return Reading("answer", standards, entry)
        if sure < cuts["refuse"]:
            return Reading("refuse", standards)
        return Reading("answer" if chances[ranked[0]] / covered >= cuts["answer"] else "choose", standards)


def _score(chance: float) -> float:
    return min(0.999, round(chance, 3))


class TrainedEar:
    """Weighs what the danger words heard against what the danger head makes of the message.

    The head hears the whole, and its loudest clause: most of what that is louder counts. Danger words that were heard are a
    caution at the least, unless the head is rather sure that the message is harmless. Without words the head alone may raise a
    card or a caution; of something settled, planned or only asked about, a caution at most.
    """

    def __init__(self, pack: Pack, head: Head) -> None:
        self._pack = pack
        self._head = head

    def weigh(self, text: str, heard: list[Danger]) -> list[Danger]:
        """The dangers in the text, the more urgent first, cards before cautions."""
        if len(text.split()) < FEWEST:
            return heard
        sound = self._sound(text)
        strength = self._strength(sound, heard)
        if strength is None:
            return []
        cards = [danger for danger in heard if danger.strength == "card"]
        if cards:
            return heard if strength == "card" else [Danger(cards[0].card, strength)]
        likeliest = max(sound.cards, key=lambda name: sound.cards[name])
        card = self._pack.card_by_id.get(likeliest)
        by_words = heard[0].card if heard and sound.cards.get(heard[0].card.id, 0.0) > sound.cards[likeliest] / 4 else None
        found = by_words or card
        return [Danger(found, strength)] if found else heard

    def _sound(self, text: str) -> "_Sound":
        whole = _Sound.of(text, self._head.scores(text).danger)
        parts: Sequence[str] = clauses(text) if QUIET < whole.alarm < self._head.cuts["card"] + ASKED else []
        if not parts:
            return whole
        parts = self._head.alarming(parts, HARMLESS, LOOKED)
        loudest = max(map(_Sound.of, parts, self._head.dangers(parts)), key=lambda sound: sound.alarm)
        if loudest.alarm <= whole.alarm:
            return whole
        cards = {name: chance + whole.cards[name] for name, chance in loudest.cards.items()}
        told = text[text.find(loudest.text) :] if loudest.text in text else loudest.text  # what follows may settle it
        return _Sound(told, float(raise_by(whole.alarm, loudest.alarm)), cards)

    def _strength(self, sound: "_Sound", heard: list[Danger]) -> Strength | None:
        cuts, told = self._head.cuts, any(danger.strength == "card" for danger in heard)
        needed = 0.0 if heard else ASKED if _ASKS.match(sound.text) else 0.0
        sure = sound.alarm + (SAID if told else 0.0) - cuts["card"] - needed
        if sure > (ASKED if not told and is_over_or_asked(sound.text, self._pack.wordlist.slips) else 0.0):
            return "card"
        allowed = -(SURER if told else SURE) if heard else needed / 2
        return "caution" if sound.alarm > cuts["caution"] + allowed else None


@dataclass(frozen=True)
class _Sound:
    """How alarming a message is, in odds, by what part of it most of all, and how likely each card is."""

    text: str
    alarm: float
    cards: dict[str, float]

    @classmethod
    def of(cls, text: str, chances: dict[str, float]) -> "_Sound":
        return cls(text, odds(1 - chances.get(HARMLESS, 0.0)), {name: chances[name] for name in chances if name != HARMLESS})
