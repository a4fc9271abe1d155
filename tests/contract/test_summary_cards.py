"""Every state of the daily picture, as Slack and as Teams show it, beside the files that were approved."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.blocks import render
from adapters.teams.cards import LARGEST, activity
from bot.contract import ContractFile
from bot.desk import Desk
from bot.dialogue import Dialogue
from bot.engine import Engine
from bot.plain import plain
from bot.reply import Card, Issued
from bot.skills import picture, pocket
from bot.turn import Turn
from storage import issues, people, questions, roster, visits
from storage.store import Connection, Store
from tests.fakes.slack import strict
from tests.fakes.teams import card_of, faults_of
from tests.unit.test_storage import NOW

GOLDEN = Path(__file__).parents[1] / "golden"
Work = Callable[["Day"], Card]


class Day:
    """A contract with a supervisor and a colleague, and what a state wants to have happened on it."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self.engine, self.connection = engine, connection
        made = ContractFile(name="North", landlord="North Homes", emergency_phone="01632 960 123")
        self.tenant = people.tenant_id(connection, "slack", "T1", NOW)
        self.contract = roster.put_contract(connection, self.tenant, "North", made.columns(), made.settings(), NOW)
        self.gas = roster.put_team(connection, self.tenant, self.contract, "Gas", None)
        self.places = [people.place(connection, self.tenant, f"dm:U{one}", f"U{one}", NOW) for one in (1, 2)]
        for place in self.places:
            roster.join(connection, self.tenant, place.person_id, self.gas, None, NOW)
        for role in ("supervisor", "trainer"):
            roster.grant(connection, self.tenant, self.places[0].person_id, role, None, NOW)

    def desk(self) -> Desk:
        engine, (person, _) = self.engine, people.read(self.connection, self.places[0])
        turn = Turn("slack", "T1", "U1", "dm:U1", "E1", NOW)
        return Desk(engine.pack, engine.phrases, engine.reader, engine.reporter, turn, person, NOW, self.connection, Dialogue())

    def raised(self, category: str, place: str, hours: float, *, due: float | None = None, **more: Any) -> issues.IssueRecord:
        """Something raised so many hours ago, due in so many; `clock` runs on it until then."""
        clock = more.pop("clock", None)
        values = {
            "tenant_id": self.tenant, "contract_id": self.contract, "team_id": self.gas, "category": category, "priority": "P2",
            "person_id": self.places[1].person_id, "place": place, "text": f"{category} at {place}", "complaint": "",
            "restricted": category in ("CN-CONDUCT", "SG-REF"), "due_at": None if due is None else NOW + timedelta(hours=due),
            "unit_key": "", "block_key": place.lower(),
        }  # fmt: skip
        state = more.pop("state", "new")
        made = issues.log(self.connection, {**values, **more}, NOW - timedelta(hours=hours))
        if clock:
            issues.start_clocks(self.connection, made, [(clock, NOW + timedelta(hours=due or 0))], NOW - timedelta(hours=hours))
        return issues.change(self.connection, made, {"state": state}, NOW - timedelta(hours=1)) if state != "new" else made


def quiet(day: Day) -> Card:
    return picture.summary(day.desk(), ()).card


def all_checked(day: Day) -> Card:
    for number in range(2):
        visit = visits.start(
            day.connection, tenant_id=day.tenant, person_id=day.places[1].person_id, checklist="arrive", version="1",
            items=(), versions={}, place=f"{number} Elm Court", now=NOW,
        )  # fmt: skip
        visits.end(day.connection, visit, visits.DONE, NOW + timedelta(minutes=2))
    return quiet(day)


def busy(day: Day) -> Card:
    """More to say than there are lines for."""
    boss, colleague = (place.person_id for place in day.places)
    day.raised("HZ-COLD", "4 Elm Court", 50, due=-2, owner_id=colleague)
    day.raised("HZ-DAMP", "12 Orchard Court", 30, due=3, clock="awaab-significant")
    day.raised("HZ-ELEC", "9 Mill Lane", 2, due=20, clock="awaab-emergency", owner_id=boss)
    day.raised("HZ-DAMP", "3 Mill Lane", 300, due=60, clock="awaab-safe")
    day.raised("SV-CMPL", "1 Elm Court", 3, due=200, complaint="offered")
    day.raised("RP-NEW", "2 Elm Court", 100, state="fixed")
    day.raised("AC-NOACC", "5 Elm Court", 100)
    day.raised("RP-FOLLOW", "6 Elm Court", 100)
    day.raised("HS-NEAR", "7 Elm Court", 1)
    day.raised("SV-COMP", "8 Elm Court", 1)
    day.raised("SG-REF", "", 1)
    return quiet(day)


def counts(day: Day) -> Card:
    """Nothing whose time ends, but some that wait; one was closed."""
    day.raised("RP-NEW", "2 Elm Court", 100, state="fixed")
    day.raised("AC-NOACC", "5 Elm Court", 100)
    day.raised("SV-COMP", "8 Elm Court", 1)
    day.raised("SG-REF", "", 1)
    day.raised("RP-NEW", "9 Elm Court", 90, state="closed")
    questions.keep(day.connection, day.desk().person, "who pays for the skip", "asked", NOW)
    return quiet(day)


def week(day: Day) -> Card:
    for hours in (1, 20, 26, 50, 51, 120):
        day.raised("RP-NEW", f"{hours} Elm Court", hours)
    day.raised("RP-NEW", "9 Elm Court", 90, state="closed")
    return picture.summary(day.desk(), ("week",)).card


def team(day: Day) -> Card:
    day.raised("HZ-COLD", "4 Elm Court", 2, due=5)
    day.raised("HZ-COLD", "5 Elm Court", 2, due=5, team_id=None)
    return picture.summary(day.desk(), ("gas",)).card


def channel(day: Day) -> Card:
    busy(day)
    day.raised("CN-CONDUCT", "12 Elm Court", 2, due=2)
    return picture.for_channel(day.desk())


def pocketed(day: Day) -> Card:
    return pocket.pocket(day.desk(), ()).card


STATES: dict[str, Work] = {
    "nothing": quiet, "all-checked": all_checked, "busy": busy, "counts": counts, "week": week, "team": team,
    "channel": channel, "pocket": pocketed,
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
async def test_every_state_looks_as_it_was_approved(
    state: str, engine: Engine, store: Store, request: pytest.FixtureRequest
) -> None:
    card = store.transact(lambda connection: STATES[state](Day(engine, connection)))
    drawn = {block.picture: b"\x89PNG drawn" for block in card.blocks if block.picture}
    text, blocks = render(Issued(card, "card", 1), 0)
    message = activity(Issued(card, "card", 1), 0, drawn)
    assert strict(blocks) == []
    assert faults_of(card_of(message)) == []
    assert len(json.dumps(card_of(message)).encode()) <= LARGEST
    points = sum(len(block.items) for block in card.blocks if block.kind == "points")
    assert state == "pocket" or points + sum(block.kind == "note" for block in card.blocks) <= 7
    assert len(plain(card).encode()) <= 2_048
    for platform, looks in (("slack", {"text": text, "plain": plain(card), "blocks": blocks}), ("teams", message)):
        made = json.dumps(looks, indent=1, ensure_ascii=False) + "\n"
        path = GOLDEN / f"{platform}-summary-{state}.json"
        if request.config.getoption("--approve"):
            path.write_text(made)
        assert made == path.read_text()


async def test_a_channel_sees_its_own_contract_whoever_supervises_it(engine: Engine, store: Store) -> None:
    def work(connection: Connection) -> Card:
        day = Day(engine, connection)
        roster.grant(connection, day.tenant, day.places[0].person_id, "admin", None, NOW)
        day.raised("RP-NEW", "2 Elm Court", 5)
        other = roster.put_contract(connection, day.tenant, "South", {}, {}, NOW)
        day.raised("HZ-COLD", "9 Far Street", 2, due=1, contract_id=other)
        questions.keep(connection, day.desk().person, "who pays for the skip", "asked", NOW)
        assert "2 open" in picture.summary(day.desk(), ()).card.title
        return picture.for_channel(day.desk())

    card = store.transact(work)
    assert "1 in, 0 closed, 1 open" in card.title
    assert "Far Street" not in plain(card)
    assert "Questions" not in plain(card)
