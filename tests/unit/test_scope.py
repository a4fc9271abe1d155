"""Nobody reads across: over made-up worlds of tenants, contracts, teams and roles, whatever a person asks for is theirs."""

import random
from typing import Any

import pytest

from bot.permissions import MAY, ROLES, may, reach, sight, who_can
from storage import audit, cards, issues, people, photos, picture, questions, roster, tips, visits
from storage.issues import Filter, IssueRecord
from storage.people import ContractRecord, PersonRecord, Place
from storage.photos import PhotoRecord
from storage.store import Connection, Store
from tests.unit.test_storage import NOW

WORLDS, QUESTIONS = 25, 400


class World:
    """Tenants with contracts, teams, people, and one record of each kind for each person."""

    def __init__(self, connection: Connection, chance: random.Random, number: int) -> None:
        self.people: list[PersonRecord] = []
        self.owner: dict[str, int] = {}
        self.contract_of: dict[int, int | None] = {}
        self.issues: list[IssueRecord] = []
        self.tips: dict[int, tips.TipRecord] = {}
        self.visits: dict[int, int] = {}
        for name in range(chance.randint(2, 4)):
            tenant = people.tenant_id(connection, "slack", f"T{number}-{name}", NOW)
            teams = []
            for contract in range(chance.randint(0, 3)):
                made = roster.put_contract(connection, tenant, f"C{contract}", {}, {}, NOW)
                teams += [
                    (made, roster.put_team(connection, tenant, made, f"team {n}", None)) for n in range(chance.randint(1, 2))
                ]
            for user in range(chance.randint(1, 5)):
                self._person(connection, chance, tenant, teams, f"U{user}")

    def _person(self, connection: Connection, chance: random.Random, tenant: int, teams: list[Any], user: str) -> None:
        place = people.place(connection, tenant, f"dm:{user}", user, NOW)
        contract, team = chance.choice([(None, None), *teams])
        if team:
            assert roster.join(connection, tenant, place.person_id, team, None, NOW)
        for role in chance.sample(ROLES, chance.randint(0, 3)):
            roster.grant(connection, tenant, place.person_id, role, None, NOW)
        person, _ = people.read(connection, place)
        self.people.append(person)
        self.contract_of[person.id] = contract
        card, photo = f"card{place.person_id}", f"photo{place.person_id}"
        cards.add(connection, place, card, 1, {}, NOW)
        photos.add(connection, place, PhotoRecord(photo, 1, 1, 1), NOW)
        question = questions.keep(connection, person, f"question of {place.person_id}", "asked", NOW)
        self.owner |= {card: tenant, photo: tenant, f"question {question}": tenant}
        people.note_address(connection, place.conversation_id, {"channel": user})
        self._work(connection, chance, person)

    def _work(self, connection: Connection, chance: random.Random, person: PersonRecord) -> None:
        raised = {
            "tenant_id": person.tenant_id,
            "contract_id": self.contract_of[person.id],
            "person_id": person.id,
            "category": "HZ-DAMP",
            "priority": "P2",
            "text": "x",
            "complaint": "",
            "restricted": chance.random() < 0.4,
            "standard": "",
        }
        self.issues.append(issues.log(connection, raised, NOW))
        tip = {
            "tenant_id": person.tenant_id,
            "author_id": person.id,
            "contract_id": self.contract_of[person.id],
            "standard": "RR4",
            "text": "x",
            "audience": {},
        }
        made = tips.change(connection, tips.make(connection, tip, NOW), {"state": "sent"})
        self.tips[made.id] = made
        where = {"tenant_id": person.tenant_id, "person_id": person.id, "versions": {}, "place": None, "now": NOW}
        self.visits[person.id] = visits.start(connection, checklist="before", version="1", items=["a"], **where).id

    def visible(self, me: PersonRecord, issue: IssueRecord) -> bool:
        """Whether somebody may see an issue, said again in plain words."""
        if issue.tenant_id != me.tenant_id:
            return False
        if issue.person_id == me.id:
            return True
        if issue.restricted and not {"supervisor", "admin"} & set(me.roles):
            return False
        mine = self.contract_of[me.id]
        near = mine is not None and issue.contract_id == mine and bool({"rlo", "supervisor"} & set(me.roles))
        return "admin" in me.roles or near


def look(connection: Connection, world: World, me: PersonRecord, other: PersonRecord, chance: random.Random) -> None:
    """One person tries one thing, aimed at somebody anywhere."""
    mine = reach(me)
    same = other.tenant_id == me.tenant_id
    match chance.randrange(14):
        case 0:
            seen = roster.members(connection, mine.tenant_id, mine.contracts)
            for one in seen:
                assert next(p for p in world.people if p.id == one.id).tenant_id == me.tenant_id
                assert mine.contracts is None or world.contract_of[one.id] in mine.contracts
        case 1:
            assert (cards.find(connection, mine.tenant_id, f"card{other.id}") is not None) == same
        case 2:
            assert (photos.find(connection, mine.tenant_id, f"photo{other.id}") is not None) == same
        case 3:
            for question in questions.unanswered(connection, mine.tenant_id, limit=99):
                assert world.owner[f"question {question.id}"] == me.tenant_id
        case 4:
            assert (people.reach(connection, mine.tenant_id, other.id) is not None) == same
        case 5:
            assert roster.grant(connection, mine.tenant_id, other.id, "rlo", me.id, NOW) == same
        case 6:
            assert {team.contract_id for team in roster.every_team(connection, mine.tenant_id)} <= {
                world.contract_of[p.id] for p in world.people if p.tenant_id == me.tenant_id
            } | _contracts(connection, me.tenant_id)
        case 7:
            contract = world.contract_of[other.id]
            if contract is not None and not same:
                assert not roster.change_contract(connection, mine.tenant_id, contract, {"landlord": "x"}, me.id, NOW)
        case 8:
            ids = {p.id for p in world.people if p.tenant_id == me.tenant_id}
            assert {entry.person_id for entry in audit.latest(connection, mine.tenant_id, limit=50)} <= ids | {None}
        case 9:
            issue = chance.choice(world.issues)
            assert (issues.by_id(connection, sight(me), issue.id) is not None) == world.visible(me, issue)
            found = issues.find(connection, sight(me), issue.number)
            assert found is None or world.visible(me, found)
        case 10:
            shown = {issue.id for issue in issues.listed(connection, sight(me), Filter(), 999)}
            assert shown == {issue.id for issue in world.issues if world.visible(me, issue)}
            assert sum(picture.counts(connection, sight(me), NOW).open.values()) == len(shown)
        case 11:
            for tip in tips.latest(connection, mine.tenant_id, mine.contracts, 99):
                assert tip.tenant_id == me.tenant_id
                assert mine.contracts is None or tip.contract_id is None or tip.contract_id in mine.contracts
        case 12:
            tip = chance.choice(list(world.tips.values()))
            assert (tips.find(connection, mine.tenant_id, tip.id) is not None) == (tip.tenant_id == me.tenant_id)
            reached = {p.id for p in world.people if p.id in tips.audience(connection, tip)}
            assert {world.contract_of[one] for one in reached} <= {tip.contract_id} or tip.contract_id is None
            assert reached <= {p.id for p in world.people if p.tenant_id == tip.tenant_id}
        case 13:
            visit = world.visits[other.id]
            assert (visits.find(connection, mine.tenant_id, me.id, visit) is not None) == (me.id == other.id)


def _contracts(connection: Connection, tenant: int) -> set[int]:
    table = people.contracts
    return {row.id for row in connection.execute(table.select().where(table.c.tenant_id == tenant))}


@pytest.mark.parametrize("seed", range(WORLDS))
def test_nobody_reads_or_changes_across(sqlite: str, seed: int) -> None:
    store, chance = Store(sqlite), random.Random(seed)

    def work(connection: Connection) -> None:
        world = World(connection, chance, seed)
        for _ in range(QUESTIONS):
            look(connection, world, chance.choice(world.people), chance.choice(world.people), chance)

    store.transact(work)
    store.engine.dispose()


def test_there_are_ten_thousand_of_them() -> None:
    assert WORLDS * QUESTIONS >= 10_000


def test_a_team_of_another_tenant_cannot_be_joined(store: Store) -> None:
    def work(connection: Connection) -> None:
        mine, theirs = (people.tenant_id(connection, "slack", name, NOW) for name in ("T1", "T2"))
        place: Place = people.place(connection, mine, "dm:U1", "U1", NOW)
        team = roster.put_team(connection, theirs, roster.put_contract(connection, theirs, "C", {}, {}, NOW), "t", None)
        assert not roster.join(connection, mine, place.person_id, team, None, NOW)
        assert people.read(connection, place)[0].contract is None

    store.transact(work)


@pytest.mark.parametrize("act", MAY)
def test_every_act_says_who_can(act: str) -> None:
    for role in ROLES:
        assert may([role], act) == (role in MAY[act])
        assert (f" {role}" in f" {who_can(act).lower()}") == (role in MAY[act])


def test_roles_reach_no_further_than_their_people() -> None:
    contract = ContractRecord(7, "North", "", "", "", 18)
    person = PersonRecord(1, 1, "Europe/London", NOW, ("operative",), contract)
    assert reach(person).contracts == frozenset()
    assert reach(PersonRecord(1, 1, "", NOW, ("supervisor",), contract)).contracts == {7}
    assert reach(PersonRecord(1, 1, "", NOW, ("supervisor",))).contracts == frozenset()
    assert reach(PersonRecord(1, 1, "", NOW, ("admin",), contract)).contracts is None
