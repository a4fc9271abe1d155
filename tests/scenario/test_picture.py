"""The daily picture, asked for and by the clock; promises asked about on their day; clocks that end tomorrow."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession

from adapters.wiring import House
from bot.contract import ContractFile
from storage import people, roster
from storage.store import Connection
from tests.conftest import Clock
from tests.talk import WebTalk

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
    assert "Complaint or unhappy resident, 9 Mill Lane: today" in lines[0]
    assert any("Unhappy residents" in line for line in lines)
    assert "118" not in heard.text
    heard = await supervisor.tap(next(iter(heard.buttons)))
    assert heard.text.startswith(("OTTER-2", "ORANGE-2", "CACTUS-2"))


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
    assert heard.title.startswith("Tue 24 Nov: 1 came in, 1 open")
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
