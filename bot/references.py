"""Spoken references such as OAK-27: a word and a number that survive a phone call, a glove and a wind.

The words differ from each other by at least two letters and by how they sound; a test holds them to it.
"""

import re

WORDS = tuple(
    (
        "OAK ELM BIRCH CEDAR MAPLE HAZEL WILLOW JUNIPER LAUREL POPLAR ROWAN SPRUCE HOLLY IVY BADGER OTTER FALCON "
        "HERON KESTREL PENGUIN PUFFIN OCTOPUS SPARROW THRUSH TURTLE WALRUS ZEBRA ANCHOR TROMBONE CANDLE DIAMOND "
        "ENGINE FIDDLE GARDEN HAMMER ISLAND JACKET KETTLE LANTERN VOLCANO NEEDLE ORANGE PEPPER QUILT RIBBON "
        "TRACTOR TEAPOT UMBRELLA VELVET PYRAMID SCOOTER BISCUIT CACTUS DOLPHIN ELBOW FEATHER GUITAR SANDWICH "
        "INDIGO JIGSAW KITTEN KANGAROO MUSTARD"
    ).split()
)
FIRST = 2
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {name: 10 * number for number, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SAID = "|".join((*_TENS, *_SMALL))
_FORM = re.compile(
    rf"\b({'|'.join(WORDS)})[ .,-]*(?:number |no\.? ?)?(\d{{1,5}}|(?:{_SAID})(?:[ -](?:{_SAID}))?)\b", re.IGNORECASE
)


def reference(number: int) -> str:
    """The spoken form of a tenant's n-th issue, counted from 0."""
    round_, place = divmod(number, len(WORDS))
    return f"{WORDS[(place * 26 + 7 * round_) % len(WORDS)]}-{round_ + FIRST}"


def find_reference(text: str) -> str | None:
    """A reference in a text, however typed: `oak 27`, `Oak27`, `oak twenty seven`."""
    found = _FORM.search(text)
    return f"{found[1].upper()}-{_number(found[2].lower())}" if found else None


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    return sum(_TENS[part] if part in _TENS else _SMALL.index(part) for part in re.split(r"[ -]", said))


def number_of(ref: str) -> int | None:
    """Which issue a reference names, counted from 0; None when there can't be one."""
    word, _, count = ref.partition("-")
    if word not in WORDS or not count.isdigit() or int(count) < FIRST:
        return None
    round_ = int(count) - FIRST
    place = next(place for place in range(len(WORDS)) if (place * 26 + 7 * round_) % len(WORDS) == WORDS.index(word))
    return round_ * len(WORDS) + place
