"""A year by the clock for many people, with two workers that break off, and what came of it against a calendar of its own.

    python -m tests.reliability.year [PEOPLE]

Summaries, pocket packs, a tip a week and promises: nothing outside a contract's window, none missed, none twice, over both
clock changes and all bank holidays of 2026. A small one of it runs with the tests, over the weeks in which something is odd.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from adapters.rounds import Rounds
from bot.contract import ContractFile
from bot.engine import Engine
from bot.understanding.reader import PlainReader
from content import load_pack
from storage import issues, people, roster, schema, tips
from storage.outbox import outbox
from storage.store import Connection, Store

LONDON = ZoneInfo("Europe/London")
BANK_HOLIDAYS = {date(2026, *day) for day in ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28))}  # gov.uk
CONTRACTS: tuple[dict[str, Any], ...] = (
    {"name": "Usual"},
    {
        "name": "Late", "quiet_from": "18:00", "quiet_to": "08:00", "summary_at": ["08:15", "17:00"],
        "extra_holidays": ["2026-12-24"],
    },
    {"name": "Weekend", "summary_at": ["12:00"], "worked_days": ["2026-03-28", "2026-03-29", "2026-10-25", "2026-12-26"]},
    {"name": "Long", "quiet_from": "22:00", "quiet_to": "06:00", "summary_at": ["06:30", "21:00"]},
)  # fmt: skip
POCKETS = (None, "07:00", "08:00", "09:30")
ODD = (
    (date(2026, 3, 28), date(2026, 3, 31)),
    (date(2026, 4, 2), date(2026, 4, 8)),
    (date(2026, 10, 24), date(2026, 10, 27)),
    (date(2026, 12, 24), date(2026, 12, 30)),
)


MORTALITY = 0.1


class BrokenOffError(Exception):
    """A worker died before it wrote anything down."""


@dataclass
class Year:
    """The people, the clock, and every message with when it came."""

    store: Store
    chance: random.Random
    now: datetime
    contract_of: dict[int, ContractFile] = field(default_factory=dict)
    boss_of: dict[str, int] = field(default_factory=dict)
    pocket_of: dict[int, str] = field(default_factory=dict)
    tips: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    promises: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    came: list[tuple[int, str, datetime]] = field(default_factory=list)
    edited: list[datetime] = field(default_factory=list)
    deaths: int = 0
    steps: tuple[int, ...] = (13, 20, 27, 30, 30, 40, 55)

    def begin(self, connection: Connection, count: int, first: date, last: date) -> None:
        """Contracts, people, a tip for each week and a promise for each person."""
        tenant = people.tenant_id(connection, "slack", "T1", self.now)
        for values in CONTRACTS:
            made = ContractFile.model_validate(values)
            contract = roster.put_contract(connection, tenant, made.name, made.columns(), made.settings(), self.now)
            team = roster.put_team(connection, tenant, contract, made.name, None)
            for number in range(count // len(CONTRACTS)):
                self._person(connection, tenant, contract, made, team, number)
            author = people.place(connection, tenant, f"dm:author {made.name}", f"author {made.name}", self.now).person_id
            for day in _days(first, last):
                if day.weekday() == 0:
                    at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=LONDON).astimezone(UTC)
                    row = {"tenant_id": tenant, "author_id": author, "contract_id": contract, "standard": "RR2", "text": ""}
                    tip = tips.make(connection, {**row, "audience": {}, "due_at": at}, self.now)
                    tips.change(connection, tip, {"state": "scheduled"})
                    self.tips[tip.id] = (made.name, at)
        for person in self.contract_of:
            day = first + timedelta(days=self.chance.randrange((last - first).days))
            due = datetime(day.year, day.month, day.day, 10, tzinfo=LONDON).astimezone(UTC)
            row = {
                "tenant_id": tenant,
                "person_id": person,
                "contract_id": None,
                "category": "RP-NEW",
                "priority": "P3",
                "text": "x",
            }
            issue = issues.log(connection, {**row, "complaint": "", "restricted": False}, self.now)
            self.promises[issues.promise(connection, issue, person, "back then", due)] = (person, due)

    def _person(self, connection: Connection, tenant: int, contract: int, made: ContractFile, team: int, number: int) -> None:
        user = f"{made.name} {number}"
        place = people.place(connection, tenant, f"dm:{user}", user, self.now)
        people.note_address(connection, place.conversation_id, {"channel": user})
        roster.join(connection, tenant, place.person_id, team, None, self.now)
        self.contract_of[place.person_id] = made
        if number == 0:
            roster.grant(connection, tenant, place.person_id, "supervisor", None, self.now)
            self.boss_of[made.name] = place.person_id
        pocket = self.chance.choice(POCKETS)
        if pocket and not (made.name == "Late" and pocket == "07:00"):  # quiet then: the chat refuses it
            people.want_pocket(connection, place.person_id, pocket)
            self.pocket_of[place.person_id] = pocket

    def run(self, engine: Engine, until: datetime) -> None:
        """Two workers in turn, every so often; now and then one breaks off, or nobody looks for nearly an hour."""
        workers = [Rounds(engine, lambda: self.now) for _ in range(2)]
        while self.now < until:
            for place, worker in enumerate(self.chance.sample(workers, 2)):
                self._round(worker, may_die=place == 0)
            self.store.transact(self._deliver)
            self.now += timedelta(minutes=self.chance.choice(self.steps))

    def _round(self, worker: Rounds, *, may_die: bool) -> None:
        def dies() -> bool:
            return may_die and self.chance.random() < MORTALITY

        def go(connection: Connection) -> None:
            worker.go(connection, worker.every(connection))
            worker.promises(connection)
            if dies():
                raise BrokenOffError

        def send_tips(connection: Connection) -> None:
            worker.tips(connection)
            if dies():
                raise BrokenOffError

        for work in (go, send_tips):
            try:
                self.store.transact(work)
            except BrokenOffError:
                self.deaths += 1

    def _deliver(self, connection: Connection) -> None:
        """Everything leaves at once; what is old goes, so that a year fits."""
        waiting = outbox.c.state == "pending"
        for row in connection.execute(outbox.select().where(waiting)):
            person = int(row.card_id.rpartition("-")[2])
            if row.action == "update":
                self.edited.append(self.now)
            else:
                self.came.append((person, row.card_id.rpartition("-")[0], row.created_at))
        connection.execute(outbox.update().where(waiting).values(state="sent", done_at=self.now))
        connection.execute(outbox.delete().where(outbox.c.created_at < self.now - timedelta(days=1)))

    def faults(self, first: date, last: date) -> list[str]:
        """What came at a wrong time, not at all, or twice."""
        return [*self._outside(), *self._wrong(first, last)]

    def _outside(self) -> Iterator[str]:
        for person, key, at in self.came:
            contract, local = self.contract_of[person], at.astimezone(LONDON)
            if not works(contract, local.date()):
                yield f"{key} for {person} on a day off: {local}"
            elif quiet(contract, f"{local:%H:%M}"):
                yield f"{key} for {person} in quiet hours: {local}"

    def _wrong(self, first: date, last: date) -> Iterator[str]:
        times = Counter((person, key) for person, key, _ in self.came)
        wanted = set(self._wanted(first, last))
        yield from (f"{key} for {person} came {count} times" for (person, key), count in times.items() if count > 1)
        yield from (f"{key} for {person} never came" for person, key in wanted - times.keys())
        yield from (f"{key} for {person} should not have come" for person, key in times.keys() - wanted)

    def _wanted(self, first: date, last: date) -> Iterator[tuple[int, str]]:
        for day in _days(first, last):
            for boss in self.boss_of.values():
                if works(self.contract_of[boss], day):
                    for at in self.contract_of[boss].summary_at:
                        yield boss, f"sum-{day:%y%m%d}-{at:%H:%M}"
            for person in self.pocket_of:
                if works(self.contract_of[person], day):
                    yield person, f"pkt-{day:%y%m%d}"
        for tip, (name, _) in self.tips.items():
            yield from ((person, f"tip-{tip}") for person, contract in self.contract_of.items() if contract.name == name)
        for promise, (person, due) in self.promises.items():
            yield person, f"prm-{promise}-{due.astimezone(LONDON):%m%d}"


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=number) for number in range((last - first).days))


def works(contract: ContractFile, day: date) -> bool:
    """Whether a contract works on a day, reckoned without the house's own calendar."""
    usual = day.weekday() < 5 and day not in BANK_HOLIDAYS and day not in contract.extra_holidays
    return usual or day in contract.worked_days


def quiet(contract: ContractFile, at: str) -> bool:
    """Whether a time of day is in a contract's quiet hours, which are over midnight here."""
    return at >= f"{contract.quiet_from:%H:%M}" or at < f"{contract.quiet_to:%H:%M}"


def simulate(engine: Engine, store: Store, count: int, first: date, last: date, steps: tuple[int, ...] = Year.steps) -> Year:
    """So many people from one day to another; `steps` are the minutes between one look and the next."""
    begin = datetime(first.year, first.month, first.day, tzinfo=LONDON).astimezone(UTC)
    year = Year(store, random.Random(26), begin, steps=steps)
    store.transact(
        lambda connection: year.begin(connection, count, first, last - timedelta(days=min(4, (last - first).days - 2)))
    )
    year.run(engine, datetime(last.year, last.month, last.day, tzinfo=LONDON).astimezone(UTC))
    return year


def main() -> None:
    """The whole of 2026."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    first, last = date(2026, 1, 1), date(2027, 1, 1)
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'year.db'}")
        schema.upgrade(store)
        began = time.monotonic()
        year = simulate(Engine(load_pack(), PlainReader(load_pack())), store, count, first, last)
        faults = year.faults(first, last)
        kinds = Counter(key.partition("-")[0] for _, key, _ in year.came)
        print(f"{count} people, {len(year.came)} messages ({kinds}), {len(year.edited)} edits, {year.deaths} workers broke off")
        print(f"{len(faults)} faults in {time.monotonic() - began:.0f} s", *faults[:20], sep="\n")
        store.engine.dispose()


if __name__ == "__main__":
    main()
