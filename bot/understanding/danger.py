"""Hears a danger in a message. Fixed words from the pack, no model, no database: it works when everything else is down.

A card's `danger` lines fire the card, its `possible` lines only a caution. What stands around a hit can take it down a step:
a negation ("no smell of gas"), a past or settled matter ("sorted last week"), a lesson ("toolbox talk on asbestos"). An
`unless` line of the same card that covers the hit removes it. In doubt the stronger one stays.

The lines are patterns over words; see `bot.understanding.patterns`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.understanding.patterns import compile_lines, heard
from bot.understanding.words import Slips
from content import Pack, SafetyCard

Strength = Literal["card", "caution"]

_BEFORE = 30
_NEGATION = re.compile(
    r" (no|not|isnt|wasnt|arent|werent|never|without|nothing|didnt|doesnt|aint|cant smell|cant see|stopped|any|nor)"
    r"( (a|an|any|the|my|it|its|sure|really|actually|been|no|sign|signs|of|had|have|smell|see|seen|got|even|there)){0,4} $"
)
_DENIAL = re.compile(r" (not|no(?! \d)) ")  # not the "no 8" of an address
_DOUBT = re.compile(r" (not|isnt|wasnt|never|im not|aint) (sure|certain|100|know|happy|right|good)|no idea|dont know|not sure")
_SETTLED = re.compile(
    r" (yesterday|last (week|month|year|night|winter|summer|time)|sorted|fixed|made safe|all clear|false alarm|turned out|"
    r"(years|months|weeks) ago|long gone|resolved|cleared|back in|just drains|nothing in it|repaired|used to|once had) "
)
_QUESTION = re.compile(r" (policy|procedure|whats the (rule|standard|policy)|standards? (say|says|cover|covers)|rule on) ")
_LESSON = re.compile(
    r" (toolbox|talk|training|course|quiz|drill|lesson|refresher|poster|leaflet|what if|awareness|scenario|exam|module|"
    r"webinar|booked|book|scheduled|planned|survey|next (week|month|year)|checklist|film|series|telly show|episode|movie|"
    r"song|game|pub quiz) "
)


@dataclass(frozen=True)
class Danger:
    """What was heard: which card, how strongly."""

    card: SafetyCard
    strength: Strength


@dataclass(frozen=True)
class _Ear:
    card: SafetyCard
    danger: re.Pattern[str] | None
    possible: re.Pattern[str] | None
    unless: re.Pattern[str] | None


class Alarm:
    """All cards' words, ready to listen."""

    def __init__(self, pack: Pack, slips: Slips | None = None) -> None:
        self._slips = slips or pack.wordlist.slips
        sets = pack.wordlist.sets
        self._ears = [
            _Ear(card, *(compile_lines(lines, sets) for lines in (card.danger, card.possible, card.unless)))
            for card in pack.cards
        ]

    def listen(self, text: str) -> list[Danger]:
        """Every danger in the text, cards before cautions, the more urgent first."""
        said = heard(text, self._slips)
        found = [Danger(ear.card, strength) for ear in self._ears if (strength := _strength(ear, said))]
        return sorted(found, key=lambda danger: (danger.strength != "card", danger.card.urgency))


def is_over_or_asked(text: str, slips: Slips) -> bool:
    """Whether the text speaks of something settled, planned, taught or asked about as a rule, or denies it."""
    said = heard(text, slips)
    return any(form.search(said) for form in (_SETTLED, _LESSON, _QUESTION, _DENIAL))


def _strength(ear: _Ear, said: str) -> Strength | None:
    spans = [match.span() for match in ear.unless.finditer(said)] if ear.unless else []
    settled, lesson = bool(_SETTLED.search(said)), bool(_LESSON.search(said))
    steps = settled + (lesson or bool(_QUESTION.search(said)))
    if ear.danger and steps < 2 and any(_stands(said, hit, spans) for hit in ear.danger.finditer(said)):
        return "caution" if steps else "card"
    if ear.possible and not (settled or lesson) and any(_stands(said, hit, spans) for hit in ear.possible.finditer(said)):
        return "caution"
    return None


def _stands(said: str, hit: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    """Whether a hit is neither covered by an `unless` line nor denied by the words before it."""
    return not _covered(hit.span(), spans) and not _denied(said, hit)


def _covered(hit: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(start < hit[1] and hit[0] < end for start, end in spans)


def _denied(said: str, hit: re.Match[str]) -> bool:
    before = said[max(0, hit.start() - _BEFORE) : hit.start() + 1].rsplit(".", 1)[-1]
    return bool(_NEGATION.search(before)) and not _DOUBT.search(said)
