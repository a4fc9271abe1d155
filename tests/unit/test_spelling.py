"""Slips of the thumb are mended; what somebody may have meant as it stands isn't."""

import pytest

from bot.understanding.places import keys, where
from bot.understanding.spelling import Spelling, common_words, hashes
from bot.understanding.words import mended
from content.pack import Wordlist

USED = {
    "kitchen": 40,
    "complaint": 30,
    "emergency": 20,
    "tenant": 50,
    "monoxide": 9,
    "rape": 9,
    "visit": 60,
    "vapes": 1,
    "sheet": 5,
    "sheets": 4,
}
WORDLIST = Wordlist(slips={"wots": "what is"}, never_into=("rape",))


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(WORDLIST, USED, common_words())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kichen", "kitchen"),
        ("kithcen", "kitchen"),
        ("tennant", "tenant"),
        ("monoxid", "monoxide"),
        ("emergancey", "emergency"),
        ("vist", "visit"),
        ("wots", "what is"),
    ],
)
def test_a_slip_is_mended(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.get(typed, typed) == meant


@pytest.mark.parametrize("word", ["larder", "livid", "swatches", "14b", "OAK", "vape", "rap", "xyzzyplugh", "sheetz"])
def test_a_word_that_may_be_meant_is_left_alone(spelling: Spelling, word: str) -> None:
    """A word of the dictionary, a short one, one that is near two others, and one that is near a word never mended into."""
    assert spelling.get(word, word) == word


def test_nothing_but_the_list_is_mended_without_a_dictionary() -> None:
    plain = Spelling(WORDLIST, USED, hashes([]))
    assert plain.get("kichen", "kichen") == "kichen"
    assert plain.get("wots", "wots") == "what is"


def test_the_text_keeps_its_shape(spelling: Spelling) -> None:
    assert mended("14b Kichen, can't wait - tennant's in!", spelling) == "14b kitchen, can't wait - tennant's in!"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("e bikes blocking the escape stairs oak court", "oak court"),
        ("bins overflowing again ash house", "ash house"),
        ("at 40 larch road noticed green mould", "40 larch road"),
        ("ash house flat 7, wall is wringing", "ash house flat 7"),
        ("Queen Anne Court lift is out", "Queen Anne Court"),
        ("damp at 9 Elm Court Road", "9 Elm Court Road"),
        ("heating off to block b cedar house", "block b cedar house"),
        ("ticket says 21 elm court should be 12 elm court", "12 elm court"),
        ("st johns road lamp out", "st johns road"),
    ],
)
def test_a_place_begins_and_ends_where_its_name_does(text: str, place: str) -> None:
    assert keys(where(text).place) == keys(place)
