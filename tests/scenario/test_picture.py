"""The daily picture, asked for and by the clock; promises asked about on their day; clocks that end tomorrow."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession

from adapters.wiring import House
from bot.contract import ContractFile
from storage import people, roster
from storage.store import Connection
from tests.conftest import Clock
from tests.talk import Heard, WebTalk

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.ahead = TUESDAY - datetime.now(UTC)
    return clock


def _as(house: House, session: ClientSession, role: str) -> WebTalk:
    return WebTalk(house.page, house.address, session, lambda: None, role)  # type: ignore[attr-defined]


@pytest.fixture
async def crew(house: House, session: ClientSession) -> tuple[WebTalk, WebTalk]:
    """An operative and their supervisor on one contract."""
    operative, supervisor = _as(house, session, "operative"), _as(house, session, "supervisor")
    await operative.say("hello")
    await supervisor.say("hello")

    def place(connection: Connection) -> None:
        now = house.clock()
        tenant = people.tenant_id(connection, "web", "playground", now)
        made = ContractFile(name="North", emergency_phone="01632 960 123")
        contract = roster.put_contract(connection, tenant, made.name, made.columns(), made.settings(), now)
        team = roster.put_team(connection, tenant, contract, "Gas", None)
        for member in roster.members(connection, tenant):
            roster.join(connection, tenant, member.id, team, None, now)

    await house.store.run(place)
    return operative, supervisor


async def test_a_day_on_which_nothing_needs_anybody_says_so_and_how_many_visits_had_a_check(
    crew: tuple[WebTalk, WebTalk],
) -> None:
    operative, supervisor = crew
    heard = await supervisor.say("summary")
    assert "Nothing needs you today." in heard.text
    assert "quiet doesn't mean all is well" in heard.text
    await operative.say("visit 14 Elm Court yyyyy")
    assert "Visit checks: 1 of 1 finished." in (await supervisor.say("summary")).text


async def test_the_picture_puts_the_costliest_wait_first_and_each_is_a_tap_away(crew: tuple[WebTalk, WebTalk]) -> None:
    operative, supervisor = crew
    for line in (
        "log no access 3 Elm Court carded",
        "log mould flat 12 Orchard Court",
        "log lady at 9 Mill Lane fuming, nobody came",
        "log near miss ladder slipped nobody hurt",
        "log compliment she said best plumber ever",
        "log phoned DSL 10:42, ref 118",
    ):
        await operative.say(line)
    heard = await supervisor.say("what needs me")
    lines = [line for line in heard.text.splitlines() if line.startswith("• ")]
    assert len(lines) <= 7
    assert "Complaint or unhappy resident, 9 Mill Lane: due by" in lines[0]
    assert any("Unhappy, to choose" in line for line in lines)
    assert "118" not in heard.text
    ref = lines[0].split()[1]
    assert "nobody has it, new today" in lines[0]
    assert (await supervisor.tap(f"Open {ref}", heard)).text.startswith(ref)


async def test_an_operative_is_told_who_may_see_it(crew: tuple[WebTalk, WebTalk]) -> None:
    assert "a supervisor" in (await crew[0].say("summary")).text


async def test_it_comes_by_the_clock_once_and_never_at_night_or_on_a_holiday(
    house: House, clock: Clock, crew: tuple[WebTalk, WebTalk]
) -> None:
    operative, supervisor = crew
    await operative.say("log no heating flat 4 Elm Court")
    await house.worker.go_round()
    await supervisor.silence()
    clock.move(hours=6, minutes=31)
    await house.worker.go_round()
    heard = await supervisor.hear()
    assert heard.title == "Tue 24 Nov: 1 in, 0 closed, 1 open, 1 more than yesterday"
    await house.worker.go_round()
    await supervisor.silence()
    clock.move(hours=10)  # 02:31
    await house.worker.go_round()
    await supervisor.silence()
    clock.ahead += datetime(2026, 12, 25, 16, 31, tzinfo=UTC) - clock()
    await house.worker.go_round()
    await supervisor.silence()


async def test_two_workers_at_once_send_one(house: House, clock: Clock, crew: tuple[WebTalk, WebTalk]) -> None:
    import asyncio

    clock.move(hours=6, minutes=31)
    await asyncio.gather(*(house.worker.go_round() for _ in range(5)))
    assert "Nothing needs you today" in (await crew[1].hear()).text
    await crew[1].silence()


async def test_a_promise_is_asked_about_on_its_day_and_a_clock_a_day_before_it_ends(
    house: House, clock: Clock, crew: tuple[WebTalk, WebTalk]
) -> None:
    operative, supervisor = crew
    await operative.say("log mould flat 12 Orchard Court")
    await operative.say("told her back thursday 10")
    clock.ahead += datetime(2026, 11, 26, 8, 30, tzinfo=UTC) - clock()
    await house.worker.go_round()
    while "promised" not in (heard := await operative.hear()).title:
        pass
    assert "back thursday 10" in heard.text
    assert (await operative.tap("Kept")).title == "Promises open: 0"
    clock.ahead += datetime(2026, 12, 8, 9, 30, tzinfo=UTC) - clock()
    await house.worker.go_round()
    while "a clock ends soon" not in (heard := await supervisor.hear()).title:
        pass
    assert "Awaab's Law investigation by Tue 08 Dec" in heard.text
    assert clock() - TUESDAY > timedelta(days=13)


async def test_the_pocket_pack_is_under_two_kilobytes(crew: tuple[WebTalk, WebTalk]) -> None:
    heard = await crew[0].say("pocket")
    assert "01632 960 123" in heard.text
    assert len(heard.text.encode()) < 2048


async def test_three_alike_at_one_block_in_two_days_are_told_to_the_supervisor_once(crew: tuple[WebTalk, WebTalk]) -> None:
    operative, supervisor = crew
    for flat in (1, 2, 3, 4):
        await operative.say(f"log no heating flat {flat} Elm Court")
    heard = await supervisor.hear()
    assert heard.title == "Three alike in two days"
    assert "No heat or hot water: 3 at elm court" in heard.text
    await supervisor.silence()


async def test_a_supervisor_asks_for_a_check_and_quiet_hours_hold(clock: Clock, crew: tuple[WebTalk, WebTalk]) -> None:
    operative, supervisor = crew
    code = (await operative.say("who am i")).title.split()[-1]
    assert "a supervisor" in (await operative.say(f"ask {code} for a check at 14 Elm Court")).text
    assert f"{code} has been asked" in (await supervisor.say(f"ask {code} for a check at 14 Elm Court")).text
    heard = await operative.hear()
    assert "visit check at 14 Elm Court" in heard.text
    assert (await operative.tap("Start a check")).title == "Before you knock · 14 Elm Court · 1/5"
    clock.move(hours=12)
    assert "quiet time" in (await supervisor.say(f"nudge {code} for a check")).text


async def test_what_stands_still_is_brought_up_once_and_not_while_it_is_paused(
    house: House, clock: Clock, crew: tuple[WebTalk, WebTalk]
) -> None:
    operative, supervisor = crew
    logged = await operative.say("log gutter down at 14 Elm Court")
    ref = logged.title.split()[1]
    clock.ahead += datetime(2026, 11, 27, 11, 0, tzinfo=UTC) - clock()
    await house.worker.go_round()
    while "hasn't moved" not in (heard := await supervisor.hear()).title:
        pass
    assert "It is new since Tuesday 24" in heard.text
    await house.worker.go_round()
    await supervisor.silence()
    await supervisor.say(f"pause {ref} scaffold on Monday")
    clock.ahead += timedelta(days=4)
    await house.worker.go_round()
    await supervisor.silence()
    await supervisor.say(f"{ref} fixed")
    clock.ahead += timedelta(days=3)
    await supervisor.say(f"resume {ref}")
    clock.ahead += timedelta(days=2, hours=1)
    clock.ahead += timedelta(days=(7 - clock().weekday()) % 7)
    await house.worker.go_round()
    while "hasn't moved" not in (heard := await operative.hear()).title:
        pass
    assert "Has somebody told the resident?" in heard.text


async def test_what_presses_is_given_out_chased_or_given_time_from_the_picture(crew: tuple[WebTalk, WebTalk]) -> None:
    operative, supervisor = crew
    ref = (await operative.say("log no heating flat 4 Elm Court, P1")).title.split()[1]
    await supervisor.say(f"{ref} p1")
    heard = await supervisor.say("summary")
    given = await supervisor.tap(f"Give out {ref}", heard)
    assert given.title == f"{ref}: whose is it, and is the time enough?"
    assert "Nobody has it." in given.text
    assert "It's yours now." in (await supervisor.tap("I'll take it", given)).text
    heard = await supervisor.say("summary")
    assert "with P2, new today" in heard.text
    handled = await supervisor.tap(f"More time {ref}", heard)
    assert "P2 has it." in handled.text
    code = (await operative.say("who am i")).title.split()[-1]
    await supervisor.say(f"assign {ref} to {code}")
    heard = await supervisor.say("summary")
    await supervisor.tap(f"Chase {ref}", heard)
    while "How does" not in (told := await operative.hear()).title:
        pass
    assert ref in told.title


async def _told(talk: WebTalk, heard: Heard, starts: str) -> Heard:
    """The card whose title starts so; a new day may have something else to say first."""
    while not heard.title.startswith(starts):
        heard = await talk.hear()
    return heard


async def test_the_week_is_shown_as_a_chart_that_says_the_same_in_words(clock: Clock, crew: tuple[WebTalk, WebTalk]) -> None:
    operative, supervisor = crew
    await operative.say("log mould flat 12 Orchard Court")
    clock.move(days=1)
    for line in ("log no heating flat 4 Elm Court", "log gutter down at 14 Elm Court"):
        await _told(operative, await operative.say(line), "Logged")
    week = "Thu 19 Nov – Wed 25 Nov: 3 in, 0 closed, 3 open, 3 more than 7 days ago"
    heard = await _told(supervisor, await supervisor.say("summary week"), week)
    assert "In 7 days: 3 came in, 0 closed. Busiest: Wednesday 25 with 2." in heard.text
    await _told(supervisor, await supervisor.tap("Today alone", heard), "Wed 25 Nov: 2 in")
    month = await supervisor.say("summary month")
    while "In 31 days: 3 came in" not in month.text:
        month = await supervisor.hear()


async def test_one_team_alone(house: House, crew: tuple[WebTalk, WebTalk]) -> None:
    operative, supervisor = crew
    await operative.say("log mould flat 12 Orchard Court")

    def move(connection: Connection) -> None:
        tenant = people.tenant_id(connection, "web", "playground", house.clock())
        contract = roster.every_contract(connection)[0][0]
        roofs = roster.put_team(connection, tenant, contract, "Roof gang", None)
        roster.join(connection, tenant, roster.members(connection, tenant)[0].id, roofs, None, house.clock())

    await house.store.run(move)
    await operative.say("log gutter down at 14 Elm Court")
    assert (await supervisor.say("summary gas")).title.startswith("Gas, Tue 24 Nov: 1 in, 0 closed, 1 open")
    assert (await supervisor.say("round up for the roof gang please")).title.startswith("Roof gang, Tue 24 Nov: 1 in")
    assert (await supervisor.say("summary")).title.startswith("Tue 24 Nov: 2 in")


async def test_the_days_summary_is_edited_as_the_day_goes_on_and_only_while_it_is_on_screen(
    house: House, clock: Clock, crew: tuple[WebTalk, WebTalk]
) -> None:
    operative, supervisor = crew
    clock.ahead += datetime(2026, 11, 25, 7, 1, tzinfo=UTC) - clock()
    await house.worker.go_round()
    first = await supervisor.hear()
    assert first.title.startswith("Wed 25 Nov: 0 in")
    clock.move(hours=2)
    await house.worker.go_round()
    await supervisor.silence()
    await operative.say("log mould flat 12 Orchard Court")
    await house.worker.go_round()
    await supervisor.silence()
    clock.move(minutes=16)
    await house.worker.go_round()
    edited = await supervisor.hear()
    assert edited.edited
    assert edited.message == first.message
    assert edited.title.startswith("Wed 25 Nov: 1 in, 0 closed, 1 open")
    assert (await supervisor.tap("All open", edited)).title == "Issues: 1"
    await operative.say("log gutter down at 14 Elm Court")
    clock.move(minutes=16)
    await house.worker.go_round()
    await supervisor.silence()


async def test_the_pocket_pack_comes_each_morning_to_who_wants_it(
    house: House, clock: Clock, crew: tuple[WebTalk, WebTalk]
) -> None:
    operative, _ = crew
    assert "quiet time" in (await operative.say("pocket daily 5:45")).text
    assert (
        "It comes at 07:00 on every working day" in (await operative.tap("Every morning", await operative.say("pocket"))).text
    )
    for day, comes in ((25, True), (26, True), (28, False)):
        clock.ahead += datetime(2026, 11, day, 7, 5, tzinfo=UTC) - clock()
        for _ in range(2):
            await house.worker.go_round()
        if comes:
            assert (await operative.hear()).title == f"For your pocket, {clock():%a %d %b}"
        await operative.silence()
    assert "only when you ask" in (await operative.say("stop the pocket pack please")).text
    clock.ahead += datetime(2026, 11, 30, 7, 5, tzinfo=UTC) - clock()
    await house.worker.go_round()
    await operative.silence()
    assert "at 07:30 on every" in (await operative.say("send me the pocket pack every day at 7.30")).text
