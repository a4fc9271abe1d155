"""What comes by the clock: summaries and pocket packs at their times, promises on their day, clocks that end tomorrow.

Each happens once, whatever number of workers look: the occasion and what is said are written in one transaction. Nothing is
said in a contract's quiet hours or on a day it doesn't work, and a summary that is over ninety minutes late is left out:
nobody wants the afternoon's picture at three in the morning.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.summaries import Summaries
from adapters.telling import tell
from bot.desk import Desk
from bot.engine import Engine
from bot.hours import Hours
from bot.references import reference
from bot.reply import Block, Button, Card, Notice, label
from bot.skills import pocket, tips
from bot.turn import Turn
from storage import occasions, outbox, people, roster
from storage import tips as tips_store
from storage.issues import Sight
from storage.picture import pressing, promises_due, stale
from storage.store import Connection
from storage.tips import TipRecord

ASK_FROM = time(8, 0)
ASK_LATE = timedelta(days=8)  # over Christmas and a weekend
MANY = 200
AHEAD = 120  # messages that wait in a tenant; no more tips are added to them
TIP_WAITS = timedelta(days=2)
STALE_DAYS = {"new": 3, "acknowledged": 7, "with landlord": 14, "in progress": 14, "waiting access": 7, "fixed": 2}


@dataclass(frozen=True)
class Contract:
    """A contract with its hours."""

    id: int
    tenant_id: int
    hours: Hours


class Rounds:
    """Goes round the contracts; the worker calls it every so often."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._come_to: dict[int, int] = {}  # whom each tip came to last, so that those in quiet hours hold up nobody

    def every(self, connection: Connection) -> list[Contract]:
        """All contracts, with what their clocks say now."""
        now = self._clock()
        return [
            Contract(identity, tenant_id, Hours(settings or {}, now.astimezone(ZoneInfo(zone))))
            for identity, tenant_id, settings, zone in roster.every_contract(connection)
        ]

    def go(self, connection: Connection, contracts: Iterable[Contract]) -> list[int]:
        """Say what is due on these contracts; the chats that something was put into."""
        now = self._clock()
        told: list[int | None] = []
        for contract in contracts:
            told += self._summaries(connection, contract, now)
            if not contract.hours.is_quiet():
                told += self._pockets(connection, contract, now)
                told += self._clocks(connection, contract, now)
                told += self._stale(connection, contract, now)
        return [one for one in told if one is not None]

    def _supervisors(self, connection: Connection, contract: Contract) -> list[int]:
        members = roster.members(connection, contract.tenant_id, {contract.id})
        return [one.id for one in members if "supervisor" in one.roles]

    def _summaries(self, connection: Connection, contract: Contract, now: datetime) -> list[int | None]:
        summaries = Summaries(connection, contract.tenant_id, contract.id, contract.hours, now)
        supervisors = self._supervisors(connection, contract)

        def desk_of(person: int) -> Desk | None:
            return self.desk(connection, contract.tenant_id, person, now)

        return [*summaries.send(supervisors, desk_of), *summaries.refresh(supervisors, desk_of)]

    def _pockets(self, connection: Connection, contract: Contract, now: datetime) -> list[int | None]:
        """The pocket pack, to whoever wants it at a time that has come."""
        told: list[int | None] = []
        for person, at in people.wants_pocket(connection, contract.tenant_id, contract.id, f"{contract.hours.local:%H:%M}"):
            name = f"pocket:{person}:{contract.hours.local.date()}"
            if not contract.hours.is_due(at) or not occasions.first(connection, contract.tenant_id, name, now):
                continue
            if desk := self.desk(connection, contract.tenant_id, person, now):
                key = f"pkt-{contract.hours.local:%y%m%d}"
                told.append(
                    tell(connection, contract.tenant_id, Notice(person, key, pocket.pocket(desk, ()).card, "pocket"), now)
                )
        return told

    def desk(self, connection: Connection, tenant_id: int, person: int, now: datetime) -> Desk | None:
        """The desk of somebody who didn't say anything; None for who can't be reached."""
        found = people.reach(connection, tenant_id, person)
        if found is None:
            return None
        known, _ = people.read(connection, found[0])
        turn = Turn("", "", "", "", "", now, kind="event")
        engine = self._engine
        return Desk(engine.pack, engine.phrases, engine.reader, engine.reporter, turn, known, now, connection)

    def _clocks(self, connection: Connection, contract: Contract, now: datetime) -> list[int | None]:
        """Whoever supervises, and whose issue it is, hears once of a clock that ends within a day."""
        say = self._engine.phrases
        sight = Sight(contract.tenant_id, 0, frozenset({contract.id}), restricted=True)
        told = []
        for one in pressing(connection, sight, now + timedelta(hours=24), MANY):
            if not one.clock or not occasions.first(connection, contract.tenant_id, f"clock:{one.issue.id}:{one.clock}", now):
                continue
            ref = reference(one.issue.number)
            name = next((clock.name for clock in self._engine.pack.clocks if clock.id == one.clock), one.clock)
            due = f"{one.due_at.astimezone(contract.hours.local.tzinfo):%a %d %b %H:%M}"
            card = Card(
                say("remind.clock_title", ref=ref),
                (Block("say", say("remind.clock", name=name, due=due)), Block("quote", one.issue.text)),
                (Button(label(say("button.show_issue", ref=ref)), f"issue {ref}"),),
            )
            owner = [one.issue.owner_id] if one.issue.owner_id else []
            for who in dict.fromkeys((*self._supervisors(connection, contract), *owner)):
                notice = Notice(who, f"clk-{one.issue.id}", card, f"issue {ref}")
                told.append(tell(connection, contract.tenant_id, notice, now))
        return told

    def _stale(self, connection: Connection, contract: Contract, now: datetime) -> list[int | None]:
        """Whose turn it is hears once of an issue that stands still; of one that is fixed, whoever logged it too."""
        say, told = self._engine.phrases, []
        before = {state: now - timedelta(days=days) for state, days in STALE_DAYS.items()}
        supervisors = self._supervisors(connection, contract)
        for issue in stale(connection, contract.tenant_id, contract.id, before, MANY):
            if not occasions.first(connection, contract.tenant_id, f"stale:{issue.id}:{issue.revision}", now):
                continue
            ref = reference(issue.number)
            day = f"{issue.changed_at.astimezone(contract.hours.local.tzinfo):%A} {issue.changed_at.day}"
            fixed = issue.state == "fixed"
            words = say("remind.stale_told", day=day) if fixed else say("remind.stale", state=issue.state, day=day)
            card = Card(
                say("remind.stale_title", ref=ref),
                (Block("say", words), Block("quote", issue.text)),
                (Button(label(say("button.show_issue", ref=ref)), f"issue {ref}"),),
            )
            mine = [issue.owner_id] if issue.owner_id else supervisors
            also = [issue.person_id] if fixed else []
            for who in dict.fromkeys((*mine, *also)):
                notice = Notice(who, f"stale-{issue.id}", card, f"issue {ref}")
                told.append(tell(connection, contract.tenant_id, notice, now))
        return told

    def promises(self, connection: Connection) -> list[int]:
        """On the day it is due, or the next on which people work, whoever promised is asked once: kept, moved, or not kept."""
        say, now = self._engine.phrases, self._clock()
        told: list[int | None] = []
        for tenant in roster.every_tenant(connection):
            for row in promises_due(connection, tenant.id, now + timedelta(hours=16), now - ASK_LATE):
                desk = self.desk(connection, tenant.id, row.person_id, now)
                if desk is None or not self._may_ask(desk, row.due_at, now):
                    continue
                day = desk.today_of(row.due_at)
                if not occasions.first(connection, tenant.id, f"promise:{row.id}:{day}", now):
                    continue
                buttons = (
                    desk.button("kept", f"promised {row.id} kept", style="primary"),
                    desk.button("moved", f"promised {row.id} moved"),
                    desk.button("broken", f"promised {row.id} broken"),
                )
                ref = reference(row.number)
                card = Card(
                    say("remind.promise_title", ref=ref),
                    (Block("quote", row.text), Block("say", say("remind.promise"))),
                    buttons,
                )
                told.append(
                    tell(connection, tenant.id, Notice(row.person_id, f"prm-{row.id}-{day:%m%d}", card, "promised"), now)
                )
        return [one for one in told if one is not None]

    def tips(self, connection: Connection) -> list[int]:
        """Tips whose time has come, to whoever isn't in quiet hours, as fast as what was put before them leaves.

        After two days the rest counts as not reached. Called every second: a platform's limit is reached by a steady trickle,
        not by a heap that everybody keeps digging in.
        """
        now, told = self._clock(), []
        for tip in tips_store.due(connection, now):
            over = tip.due_at is not None and now > tip.due_at + TIP_WAITS
            room = MANY if over else AHEAD - outbox.backlog(connection, tip.tenant_id)
            some = tips_store.waiting(connection, tip, after=self._come_to.get(tip.id, 0), limit=max(0, room))
            for person in some:
                told.append(self._tip(connection, tip, person, now, over=over))
            if room > 0:
                self._come_to[tip.id] = some[-1] if len(some) == room else 0
            if not tips_store.waiting(connection, tip, limit=1):
                tips_store.change(connection, tip, {"state": "sent"})
                self._repeat(connection, tip, now)
        return [one for one in told if one is not None]

    def _repeat(self, connection: Connection, tip: TipRecord, now: datetime) -> None:
        """A tip that repeats is made anew for its next day, at the same time by the clock on the wall."""
        if not (days := tip.audience.get("every")) or tip.due_at is None:
            return
        own = people.contract(connection, tip.tenant_id, tip.contract_id) if tip.contract_id else None
        local = tip.due_at.astimezone(ZoneInfo(own.timezone if own else "Europe/London"))
        while local <= now:
            local += timedelta(days=int(days))
        tips_store.again_at(connection, tip, local.astimezone(UTC), now)

    def _tip(self, connection: Connection, tip: TipRecord, person: int, now: datetime, *, over: bool) -> int | None:
        desk = self.desk(connection, tip.tenant_id, person, now)
        if desk is None or over:
            tips_store.reached(connection, tip, person, "not reached", now)
        elif not Hours.of(desk.person, now).is_quiet():
            tips_store.reached(connection, tip, person, "sent", now)
            return tell(
                connection, tip.tenant_id, Notice(person, f"tip-{tip.id}", tips.card_of(desk, tip), "tip", once=True), now
            )
        return None

    def _may_ask(self, desk: Desk, due_at: datetime, now: datetime) -> bool:
        """From eight in the morning of the day it is due, outside quiet hours."""
        hours = Hours.of(desk.person, now)
        due = due_at.astimezone(hours.local.tzinfo)
        return hours.local.date() >= due.date() and hours.local.time() >= ASK_FROM and not hours.is_quiet()
