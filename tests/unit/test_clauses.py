"""A message in its clauses: no word is lost, and a danger in the middle of the jobs is heard."""

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.clauses import MOST, clauses

WORDS = st.lists(
    st.sampled_from("door boy alone, and gas. also roof then; gloves btw smell of gas".split()), min_size=1, max_size=40
)


def test_a_list_of_jobs_comes_apart_and_a_single_clause_doesnt() -> None:
    assert clauses("hung both doors, boy of four let me in, nobody else there, heading to no 8") == [
        "hung both doors",
        "boy of four let me in",
        "nobody else there",
        "heading to no 8",
    ]
    assert clauses("can i use her loo") == clauses("CAN I USE HER LOO AND") == []
    assert clauses("") == []


def test_what_is_too_short_to_say_anything_stays_with_its_neighbour() -> None:
    assert clauses("ok, all done at no 4, cheers, she says the boiler makes her head thump") == [
        "ok, all done at no 4, cheers",
        "she says the boiler makes her head thump",
    ]


def test_words_without_commas_are_looked_at_in_windows() -> None:
    said = "painted the back bedroom " * 8
    parts = clauses(said)
    assert all(len(part.split()) <= 12 for part in parts)
    assert {*" ".join(parts).split()} == {*said.split()}


@given(WORDS)
def test_every_word_is_in_some_clause(words: list[str]) -> None:
    text = " ".join(words)
    parts = clauses(text)
    assert len(parts) <= MOST
    if parts and len(parts) < MOST:
        for word in text.replace(",", " ").split():
            assert word in " ".join(parts).replace(",", " ").split()
