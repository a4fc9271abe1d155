"""Dangers that nothing names: suspected, said in one line, and not where it is over, denied or only asked about."""

import pytest

from bot.engine import Engine
from content import Pack


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("bad cabbage smell and the dog wont go in", "GAS"),
        ("old lady fell and isnt answering the door", "COLLAPSE"),
        ("all of us feel rough when the gas heater is lit", "CO"),
        ("he come at me with a hammer", "THREAT"),
    ],
)
def test_signs_that_name_nothing_get_a_caution(engine: Engine, text: str, card: str) -> None:
    assert [(danger.card.id, danger.strength) for danger in engine.listen(text)] == [(card, "caution")]


@pytest.mark.parametrize(
    "text", ["wasnt gas, just drains", "can i use the residents toilet", "whats the standard on photos", "rr4", "done", ""]
)
def test_ordinary_messages_get_none(engine: Engine, text: str) -> None:
    assert engine.listen(text) == []


def test_few_of_the_questions_about_standards_get_one(engine: Engine, pack: Pack) -> None:
    """Of those it didn't learn from: the examples that are left out of its lessons."""
    asked = [text for standard in pack.standards for number, text in enumerate(pack.lines(standard.id)) if number % 3]
    assert sum(bool(engine.listen(text)) for text in asked) / len(asked) < 0.10


def test_a_pack_without_examples_has_no_hunch_and_still_its_danger_words(pack: Pack) -> None:
    bare = Engine(pack.model_copy(update={"examples": {}}), _Nothing())
    assert bare.listen("bad cabbage smell and the dog wont go in") == []
    assert bare.listen("smell gas in the hallway")[0].card.id == "GAS"


class _Nothing:
    def read(self, text: str) -> None:
        raise AssertionError("not asked here")
