"""Who somebody is, what they may do, and whose numbers they see, in a person's words."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from adapters.wiring import House
from bot.contract import ContractFile
from bot.permissions import MAY, ROLES, may
from storage import audit, people, roster
from tests.conftest import Clock
from tests.fakes.slack import FakeSlack, SlackClient
from tests.fakes.teams import TENANT, FakeTeams, TeamsClient
from tests.talk import Heard, SlackTalk, Talk, TeamsTalk

TENANTS = {"slack": "T1", "teams": TENANT}


@pytest.fixture(params=TENANTS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def north(house: House, clock: Clock, platform: str) -> dict[str, Any]:
    """A contract with two teams in the platform's workspace or tenant."""
    wanted = ContractFile(
        name="North", landlord="North Homes", emergency_phone="01632 960 123", safeguarding_phone="01632 960 124", adult_age=16
    )

    def make(connection: Any) -> dict[str, Any]:
        tenant = people.tenant_id(connection, platform, TENANTS[platform], clock())
        contract = roster.put_contract(connection, tenant, wanted.name, wanted.columns(), wanted.settings(), clock())
        teams = [
            roster.put_team(connection, tenant, contract, name, channel) for name, channel in (("Gas", "C7"), ("Roofs", None))
        ]
        return {"tenant": tenant, "contract": contract, "teams": teams}

    return await house.store.run(make)


@pytest.fixture
def person(
    platform: str, slack: FakeSlack, client: SlackClient, teams: FakeTeams, teams_client: TeamsClient, clock: Clock
) -> Callable[[str], Talk]:
    def make(user: str) -> Talk:
        def tick() -> None:
            clock.move(seconds=3)

        return SlackTalk(slack, client, tick, user) if platform == "slack" else TeamsTalk(teams, teams_client, tick, user)

    return make


async def become(house: House, north: dict[str, Any], talk: Talk, *wanted: str) -> int:
    """Give the person roles, as the operator does; their number."""
    code = int((await talk.say("who am i")).title.removeprefix("You are P"))

    def work(connection: Any) -> None:
        for role in wanted:
            roster.grant(connection, north["tenant"], code, role, None, house.clock())

    await house.store.run(work)
    return code


async def test_somebody_new_is_an_operative_and_picks_a_team_in_one_tap(north: Any, person: Any) -> None:
    ann = person("U1")
    hello = await ann.say("hello")
    assert "Pick a team" in hello.buttons
    await ann.tap("Pick a team")
    assert "Gas, working on North" in (await ann.tap("Gas")).text
    me = await ann.say("who am i")
    assert "Roles: operative" in me.text
    assert "Team: Gas, North" in me.text


@pytest.mark.parametrize("platform", ["slack"], indirect=True)
async def test_a_channel_places_people_in_its_team(north: Any, slack: FakeSlack, client: SlackClient, person: Any) -> None:
    await client.send_event(client.mention("RR4", "U5", "C7"))
    await slack.next()
    assert "Team: Gas, North" in (await person("U5").say("who am i")).text


async def test_safety_cards_show_the_contracts_own_numbers(north: Any, person: Any) -> None:
    ann = person("U1")
    await ann.say(f"team {north['teams'][0]}")
    gas = await ann.say("smell gas in the hallway")
    assert "North Homes emergency line: 01632 960 123" in gas.text
    more = await ann.say("card ABUSE more")
    assert "Safeguarding lead: 01632 960 124" in more.text
    assert "Adult at the door: 16 or over" in (await ann.say("card CHILD more")).text
    assert "01632 960 123" in (await ann.say("emergency numbers")).text


async def test_an_admin_gives_and_takes_roles_and_the_audit_says_so(north: Any, person: Any, house: House) -> None:
    ann, bob = person("U1"), person("U2")
    await become(house, north, ann, "admin")
    code = (await bob.say("who am i")).title.removeprefix("You are ")
    assert f"{code} is now supervisor" in (await ann.say(f"make {code} a supervisor")).text
    assert "supervisor" in (await bob.say("who am i")).text
    assert f"{code} is no longer supervisor" in (await ann.say(f"remove supervisor from {code.lower()}")).text
    history = await ann.say("audit")
    assert f"grant supervisor · {code}" in history.text
    assert f"revoke supervisor · {code}" in history.text


async def test_the_last_admin_stays(north: Any, person: Any, house: House) -> None:
    ann = person("U1")
    code = await become(house, north, ann, "admin")
    assert "nobody in charge" in (await ann.say(f"remove admin from P{code}")).text


@pytest.mark.parametrize("line", ["make P1 an admin", "people", "audit", "set adult age 16", "questions", "letters"])
async def test_an_operative_is_told_kindly_who_can(north: Any, person: Any, line: str) -> None:
    ann = person("U1")
    await ann.say(f"team {north['teams'][0]}")
    heard = await ann.say(line)
    assert "That's for a" in heard.text
    assert "Ask your office if that should be you" in heard.text


async def test_a_supervisor_sees_their_own_contracts_people_and_nobody_else(
    north: Any, person: Any, house: House, clock: Clock
) -> None:
    def south(connection: Any) -> int:
        contract = roster.put_contract(connection, north["tenant"], "South", {}, {}, clock())
        return roster.put_team(connection, north["tenant"], contract, "Drains", None)

    drains = await house.store.run(south)
    ann, bob, cat = person("U1"), person("U2"), person("U3")
    await ann.say(f"team {north['teams'][0]}")
    await bob.say(f"team {north['teams'][1]}")
    await cat.say(f"team {drains}")
    codes = [(await one.say("who am i")).title.removeprefix("You are ") for one in (ann, bob, cat)]
    await become(house, north, ann, "supervisor")
    seen = await ann.say("people")
    assert f"{codes[0]} ·" in seen.text
    assert f"{codes[1]} ·" in seen.text
    assert f"{codes[2]} ·" not in seen.text


async def test_a_supervisor_changes_a_setting_and_a_wrong_one_is_explained(north: Any, person: Any, house: House) -> None:
    ann = person("U1")
    await ann.say(f"team {north['teams'][0]}")
    await become(house, north, ann, "supervisor")
    assert "Changed for everybody on North" in (await ann.say("set emergency number 01632 960 999")).text
    assert "01632 960 999" in (await ann.say("contract")).text
    assert "between 16 and 21" in (await ann.say("set adult age 99")).text
    assert "isn't a phone number" in (await ann.say("set safeguarding number tomorrow")).text
    await ann.say("set complaint route Ring the office")
    shown = (await ann.say("contract")).text
    assert "Complaints: Ring the office" in shown
    assert "Next day off: " in shown
    assert "P2 5 working days" in shown
    entries = await house.store.run(lambda c: audit.latest(c, north["tenant"], limit=3))
    assert entries[0].action == "set settings"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("set quiet hours 20:00 to 6:30", "Quiet hours: 20:00 to 06:30"),
        ("set working hours 7 to 16.30", "Working hours: 07:00 to 16:30"),
        ("set summary 16:00 and 6:45", "Summaries at: 16:00, 06:45"),
        ("set P2 3 working days", "P2 3 working days"),
        ("keep photos for 14 days", "photos 14 days"),
        ("set the landlord to North and Sons", "Landlord: North and Sons"),
        ("set right to repair on", "Right to Repair: its clocks are shown"),
    ],
)
async def test_every_setting_can_be_changed_in_chat(north: Any, person: Any, house: House, line: str, shown: str) -> None:
    ann = person("U1")
    await ann.say(f"team {north['teams'][0]}")
    await become(house, north, ann, "supervisor")
    assert "Changed for everybody on North" in (await ann.say(line)).text
    assert shown in (await ann.say("contract")).text


async def test_a_day_off_is_added_in_chat(north: Any, person: Any, house: House, clock: Clock) -> None:
    ann = person("U1")
    await ann.say(f"team {north['teams'][0]}")
    await become(house, north, ann, "supervisor")
    tomorrow = clock().date() + timedelta(days=1)
    while tomorrow.weekday() > 4:
        tomorrow += timedelta(days=1)
    await ann.say(f"set holiday {tomorrow.day} {tomorrow:%B}")
    assert f"Next day off: {tomorrow:%A} {tomorrow.day} {tomorrow:%B}" in (await ann.say("contract")).text


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("set working hours 17:00 to 8:00", "the earlier first"),
        ("set quiet hours 25:00 to 7:00", "Give two times"),
        ("set holiday soon", "Give a day"),
        ("keep photos 0 days", "a day at least"),
        ("set p2 999 hours", "Say it like this"),
    ],
)
async def test_a_setting_that_cannot_be_is_explained(north: Any, person: Any, house: House, line: str, why: str) -> None:
    ann = person("U1")
    await ann.say(f"team {north['teams'][0]}")
    await become(house, north, ann, "supervisor")
    assert why in (await ann.say(line)).text


ASKED = {
    "see open questions": "questions",
    "see stuck messages": "letters",
    "see issues": "status {other}",
    "see restricted issues": "status {conduct}",
    "follow issues": "assign {other} to me",
    "send tips": "tip RR4",
    "ask for a check": "ask {code} for a check at 14 Elm Court",
    "see summaries": "summary",
    "see visit figures": "checks",
    "see people": "people",
    "give roles": "make {code} an rlo",
    "change the contract": "set adult age 18",
    "see the audit": "audit",
}


@pytest.mark.parametrize("role", ROLES)
async def test_each_permission_is_for_its_roles_and_nobody_else(north: Any, person: Any, house: House, role: str) -> None:
    """Whoever may not is told who can, or, for somebody else's issue, that there is none."""
    assert set(ASKED) == set(MAY)
    ann, me = person("U1"), person("U2")
    for one in (ann, me):
        await one.say(f"team {north['teams'][0]}")
    code = (await ann.say("who am i")).title.removeprefix("You are ")
    other = _reference(await ann.say("log loose door handle at 9 Elm Court"))
    conduct = _reference(await ann.say("log our plasterer was rude and swore at the lady at 12 Elm Court"))
    await become(house, north, me, role)
    for act, line in ASKED.items():
        heard = await me.say(line.format(code=code, other=other, conduct=conduct))
        told = "That's for a" in heard.text or "isn't yours to see" in heard.text
        assert told is not may({"operative", role}, act), (act, heard.text)


def _reference(receipt: Heard) -> str:
    found = re.search(r"[A-Z]{3,9}-\d+", receipt.text)
    assert found, receipt.text
    return found[0]
