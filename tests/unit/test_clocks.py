"""Due times over Easter, Christmas, a leap day and clock changes; references that survive being spoken; promised times."""

from datetime import UTC, datetime
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from bot.clocks import Clocks
from bot.references import WORDS, find_reference, number_of, reference
from bot.understanding.patterns import heard
from bot.understanding.places import keys, where
from bot.understanding.when import read_when
from content import Pack

LONDON = ZoneInfo("Europe/London")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "start", "due"),
    [
        ("awaab-emergency", "2026-03-28 18:00", "2026-03-29 19:00"),  # the clocks go forward: still 24 hours
        ("awaab-emergency", "2026-12-25 09:00", "2026-12-26 09:00"),  # calendar hours run over Christmas
        ("awaab-significant", "2026-04-01 09:00", "2026-04-17 23:59"),  # Good Friday and Easter Monday don't count
        ("awaab-significant", "2026-12-18 17:30", "2027-01-06 23:59"),  # Christmas, the substitute on the 28th, New Year
        ("awaab-significant", "2028-02-21 10:00", "2028-03-06 23:59"),  # a leap day is a Tuesday's work like any other
        ("awaab-summary", "2026-05-01 12:00", "2026-05-07 23:59"),  # the early May holiday
        ("awaab-safe", "2026-10-23 12:00", "2026-10-30 23:59"),  # the clocks go back on the Sunday between
        ("awaab-start", "2026-11-24 12:00", "2027-02-16 23:59"),  # twelve weeks to start, not to finish
        ("complaint-acknowledge", "2026-08-28 16:00", "2026-09-07 23:59"),  # the summer holiday on the 31st
        ("complaint-answer", "2026-11-24 09:00", "2026-12-08 23:59"),
        ("complaint-final", "2026-12-01 09:00", "2026-12-31 23:59"),
    ],
)
def test_clocks_of_the_law_end_when_the_table_says(pack: Pack, clock: str, start: str, due: str) -> None:
    clocks = Clocks(pack.clocks, None)
    found = next(one for one in pack.clocks if one.id == clock)
    assert clocks.due(found, _at(start)).astimezone(LONDON).isoformat(" ", "minutes")[:16] == due


def test_a_contracts_own_calendar_and_priorities_count(pack: Pack) -> None:
    settings = {
        "extra_holidays": ["2026-12-24"],
        "worked_days": ["2026-12-28"],
        "priorities": [{"name": "P2", "working_days": 2}, {"name": "P1", "hours": 4}, {"name": "P3", "days": 10}],
    }
    clocks = Clocks(pack.clocks, settings)
    by_code = {one.code: one for one in pack.categories}
    start = _at("2026-12-23 12:00")
    for code, due in (
        ("HZ-DAMP", "2026-12-29 23:59"),
        ("HZ-GAS", "2026-12-23 16:00"),
        ("RP-NEW", "2027-01-02 23:59"),
        ("SV-CMPL", "2026-12-23 23:59"),
    ):
        found = clocks.priority(by_code[code], start)
        assert found
        assert found.astimezone(LONDON).isoformat(" ", "minutes")[:16] == due, code
    assert clocks.priority(by_code["SV-COMP"], start) is None
    assert clocks.priority(by_code["DATA-FIX"], start) is None  # this contract has no P4


def test_what_follows_an_investigation_starts_only_with_it(pack: Pack) -> None:
    clocks = Clocks(pack.clocks, None)
    start = _at("2026-11-24 12:00")
    assert [one.clock for one in clocks.started_by("reported", ("awaab-significant",), start)] == ["awaab-significant"]
    after = {one.clock for one in clocks.started_by("investigated", ("awaab-significant",), start)}
    assert after == {"awaab-summary", "awaab-safe", "awaab-start"}
    assert not clocks.started_by("reported", ("awaab-significant",), _at("2025-10-26 12:00"))  # before it was in force


def test_reference_words_differ_by_two_letters_at_least_and_every_number_has_one() -> None:
    assert min(Levenshtein.distance(one, two) for one, two in combinations(WORDS, 2)) >= 3
    assert len({reference(number) for number in range(5000)}) == 5000


@given(st.integers(0, 200_000))
def test_a_reference_leads_back_to_its_issue(number: int) -> None:
    assert number_of(reference(number)) == number


@pytest.mark.parametrize("typed", ["OAK-27", "oak 27", "Oak27", "what about oak twenty seven", "OAK no 27", "oak - 27 pls"])
def test_a_reference_is_known_however_it_is_typed(typed: str) -> None:
    assert find_reference(typed) == "OAK-27"


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("back thursday 10", "2026-11-26 10:00"),
        ("tomorrow morning", "2026-11-25 09:00"),
        ("on tuesday", "2026-12-01 17:00"),
        ("friday half 2", "2026-11-27 14:30"),
        ("the 3rd at 9.15", "2026-12-03 09:15"),
        ("later today by 4pm", "2026-11-24 16:00"),
    ],
)
def test_a_promised_time_is_read(said: str, due: str) -> None:
    found = read_when(said, datetime(2026, 11, 24, 11, 0, tzinfo=LONDON))
    assert found
    assert found.astimezone(LONDON).isoformat(" ", "minutes")[:16] == due


@pytest.mark.parametrize(
    ("text", "place", "postcode"),
    [
        ("log damp bedroom wall flat 12 orchard court big patch", "flat 12 orchard court", None),
        ("leak 14b kitchen bad", "14b", None),
        ("mould at 14 Elm Court, E8 1AB, window", "14 Elm Court", "E8 1AB"),
        ("loose handrail on block b stairs", "block b", None),
        ("no access 9.40 knocked rang card left", None, None),
        ("flat 3, lady asked for a call back", "flat 3", None),
        ("she waited 3 weeks at 22 for it", "22", None),
        ("bins overflowing at the back of Oak Court", "Oak Court", None),
    ],
)
def test_places_are_found_as_typed(text: str, place: str | None, postcode: str | None) -> None:
    found = where(text)
    assert (found.place, found.postcode) == (place, postcode)


def test_the_same_place_typed_in_two_ways_has_the_same_keys() -> None:
    assert keys("flat 12 Orchard Court") == keys("12, orchard crt") == ("12", "orchard court")
    assert keys("14b") == ("14b", None)
    assert keys(None) == (None, None)


@pytest.mark.parametrize(
    ("said", "start", "clock", "due"),
    [
        ("only toilet blocked flat 9", "2026-11-24 10:00", "repair-1", "2026-11-25 23:59"),
        ("leak under the sink 14b", "2026-04-02 10:00", "repair-1", "2026-04-07 23:59"),
        ("no heating since friday", "2026-11-24 10:00", "repair-1-cold", "2026-11-25 23:59"),
        ("no heating since friday", "2026-07-07 10:00", "repair-3-warm", "2026-07-10 23:59"),
        ("banister loose on the stairs", "2026-11-24 10:00", "repair-3", "2026-11-27 23:59"),
        ("extractor fan dead in kitchen", "2026-12-23 10:00", "repair-7", "2027-01-06 23:59"),
        ("roof leak over the landing", "2026-11-24 10:00", "repair-1", "2026-11-25 23:59"),
        ("gate hanging off", "2026-11-24 10:00", None, None),
    ],
)
def test_right_to_repair_runs_where_the_contract_has_it(
    pack: Pack, said: str, start: str, clock: str | None, due: str | None
) -> None:
    told = heard(said, pack.wordlist.slips)
    found = Clocks(pack.clocks, {"right_to_repair": True}).by_words(told, _at(start))
    assert [(one.clock, one.at) for one in found] == ([(clock, _at(due))] if clock and due else [])
    assert Clocks(pack.clocks, {}).by_words(told, _at(start)) == []
