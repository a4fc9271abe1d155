"""The privacy guard: what must not be kept goes, the useful rest stays, and the meaning is worked out before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import Engine
from bot.privacy import Guard
from bot.turn import Turn
from content import guard_words
from tests.privacy_set import DIRECT, Score, read, score
from tests.unit.test_storage import NOW

GUARD = Guard(guard_words())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ring her on 07700 900123 tomorrow", "ring her on [phone number] tomorrow"),
        ("ring +44 7700 900123", "ring [phone number]"),
        ("write to a.b@example.com pls", "write to [email] pls"),
        ("his key safe is 4471", "his key safe is [code]"),
        ("alarm code 1234A", "alarm code [code]"),
        ("door code: C1234", "door code: [code]"),
        ("NI QQ123456C", "NI [NI number]"),
        ("nhs 943 476 5919", "nhs [NHS number]"),
        ("born 3/4/1950", "born [date of birth]"),
        ("Mrs Blank in flat 3 wants a call", "[name] in flat 3 wants a call"),
        ("sort 20-00-00 55779911", "sort [bank details]"),
        ("MRS BLANK WANTS A CALL", "[name] WANTS A CALL"),
        ("TENANT PREGNANT IN FLAT 3", "TENANT [health] IN FLAT 3"),
        ("leak at 14 Elm Court E8 1AB, 3 days, stage 2", "leak at 14 Elm Court E8 1AB, 3 days, stage 2"),
        ("ring 0800 111 999 for gas", "ring 0800 111 999 for gas"),
        ("job 4471 at flat 12, boiler F28 code", "job 4471 at flat 12, boiler F28 code"),
        ("Doreen Court and Clement Attlee House", "Doreen Court and Clement Attlee House"),
        ("Flat 3, lady asked for a call back", "Flat 3, lady asked for a call back"),
    ],
)
def test_private_parts_are_taken_out_and_the_rest_is_kept(text: str, kept: str) -> None:
    assert GUARD.clean(text).text == kept


@pytest.fixture(scope="module", params=["privacy-1.txt", "privacy-2.txt"])
def result(request: pytest.FixtureRequest) -> Score:
    """The first file is the one that the rules were written from, the second is not."""
    return score(GUARD, read(request.param))


def test_direct_identifiers_and_codes_go(result: Score) -> None:
    assert result.recall(*(kind for kind in result.there if kind in DIRECT)) >= 0.97, result.misses


def test_names_go(result: Score) -> None:
    assert result.recall("name") >= 0.90, result.misses


def test_what_is_said_about_people_goes(result: Score) -> None:
    assert result.recall("health", "special") >= 0.90, result.misses
    assert result.recall("safeguarding", "child", "label") >= 0.85, result.misses


def test_messages_without_any_of_it_stay_as_they_are(result: Score) -> None:
    assert result.left_alone >= 0.95, result.misses


def test_there_are_enough_messages_to_say_so() -> None:
    assert len(read("privacy-1.txt")) + len(read("privacy-2.txt")) >= 600


@given(st.text(max_size=400))
def test_no_text_breaks_the_guard_and_cleaning_twice_changes_nothing(text: str) -> None:
    once = GUARD.clean(text)
    assert bool(once.kinds) == (once.text != text)


def test_what_was_meant_is_worked_out_before_words_go(engine: Engine) -> None:
    said = "her partner hits her, she told me in flat 3"
    turn = engine.guarded(Turn("slack", "T1", "U1", "dm:U1", "E1", NOW, text=said))
    assert "hits" not in turn.text
    assert turn.removed == ("safeguarding detail",)
    assert turn.meant
    assert turn.meant["dangers"] == [["ABUSE", "card"]] or turn.meant["dangers"] == [["ABUSE", "caution"]]
    assert "hits" not in str(turn.to_json())
