"""Inbox, turn, outbox: stores what comes in, runs the engine on it in one transaction, and hands the answer to delivery.

Kill the process anywhere: before the store commits, the platform sends again; after it, a sweep finds the row; the answer is in
the outbox in the same commit that marks the turn done. Nothing is lost, and nothing happens twice.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.delivery import Delivery
from adapters.metrics import TURN_SECONDS, TURNS
from adapters.turns import TurnRoom
from bot.reply import Card
from bot.turn import Turn
from storage import cards, inbox, people
from storage.errors import StorageDown
from storage.people import Place
from storage.store import Connection, Store

log = logging.getLogger("doorstep.gateway")

GRACE = timedelta(seconds=3)
IN_FLIGHT = 200
REMEMBERED = 5_000


@dataclass(frozen=True)
class Receipt:
    """What became of an inbound: `new` is False when it was already there."""

    new: bool


class Gateway:
    """Everything that reaches the bot goes through `receive`."""

    def __init__(
        self,
        store: Store,
        room: TurnRoom,
        delivery: Delivery,
        clock: Callable[[], datetime],
        at: Callable[[str], None],
    ) -> None:
        self._store = store
        self._room = room
        self._delivery = delivery
        self._clock = clock
        self._at = at
        self._tenants: dict[tuple[str, str], int] = {}
        self._places: dict[tuple[int, str, str], Place] = {}
        self._reaches: dict[int, dict[str, Any]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._reflexes: deque[str] = deque(maxlen=200)

    async def receive(self, turn: Turn) -> Receipt:
        """Store an inbound, and start on it at once. Returns after the commit: the platform may be answered then.

        Raises:
            StorageDown: nothing was stored; the platform must send it again. A danger has had its card all the same.
        """
        kept = self._room.engine.guarded(turn)
        try:
            place, new = await self._store.run(lambda connection: self._keep(connection, kept))
        except StorageDown:
            await self._reflex(turn)
            raise
        self._remember(turn, place)
        self._at("kept")
        if new:
            self._start(place.conversation_id, turn)
        TURNS.labels(turn.platform, "kept" if new else "duplicate").inc()
        return Receipt(new)

    async def form(self, turn: Turn) -> Card | None:
        """The form that a tapped button leads to, if it does. No turn is taken: a platform may show it as a dialog at once.

        Raises:
            StorageDown: nobody can say.
        """
        choice = turn.choice
        if choice is None:
            return None

        def says(connection: Connection) -> str:
            tenant = people.tenant_id(connection, turn.platform, turn.tenant, self._clock())
            card = cards.find(connection, tenant, choice.card)
            options = card.view["options"] if card else []
            return str(options[choice.option][1]) if choice.option < len(options) else ""

        return self._room.engine.form(await self._store.run(says))

    def form_of(self, says: str) -> Card | None:
        """The form behind a command, for a platform that opens it without a tap on a card."""
        return self._room.engine.form(says)

    def _keep(self, connection: Connection, turn: Turn) -> tuple[Place, bool]:
        now = self._clock()
        place = self._place(connection, turn, now)
        kept = inbox.keep(connection, place, turn.to_json(), now)
        if kept is not None and turn.reach and self._reaches.get(place.conversation_id) != turn.reach:
            people.note_address(connection, place.conversation_id, turn.reach)
        return place, kept is not None

    def _place(self, connection: Connection, turn: Turn, now: datetime) -> Place:
        """Row ids of the turn's tenant, conversation and person; remembered, and wrong only once somebody was erased."""
        key = (turn.platform, turn.tenant)
        tenant = self._tenants.get(key)
        known = self._places.get((tenant, turn.conversation, turn.person)) if tenant is not None else None
        if known is not None and people.still(connection, known, turn.person):
            return known
        if tenant is None:
            tenant = people.tenant_id(connection, turn.platform, turn.tenant, now)
        return people.place(connection, tenant, turn.conversation, turn.person, now)

    def _remember(self, turn: Turn, place: Place) -> None:
        """Only after the commit: another thread must not use an id that may yet be rolled back."""
        self._tenants[turn.platform, turn.tenant] = place.tenant_id
        if len(self._places) >= REMEMBERED:
            self._places.clear()
            self._reaches.clear()
        self._places[place.tenant_id, turn.conversation, turn.person] = place
        if turn.reach:
            self._reaches[place.conversation_id] = turn.reach

    def _start(self, conversation_id: int, turn: Turn | None = None, *, wait: bool = True) -> None:
        """Work through a conversation in a task of its own; one task a conversation, so the order stays.

        Without `wait`, a conversation that another process has is left to it; the next sweep looks again.
        """
        if conversation_id in self._tasks:
            self._again.add(conversation_id)
        elif len(self._tasks) < IN_FLIGHT:
            task = asyncio.get_running_loop().create_task(self._work_through(conversation_id, turn, wait=wait))
            self._tasks[conversation_id] = task
            task.add_done_callback(lambda _: self._ended(conversation_id))

    def _ended(self, conversation_id: int) -> None:
        del self._tasks[conversation_id]
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self._start(conversation_id)

    async def _work_through(self, conversation_id: int, turn: Turn | None, *, wait: bool) -> None:
        try:
            while True:
                with TURN_SECONDS.time():
                    taken = await self._room.take(conversation_id, wait=wait)
                self._delivery.start(conversation_id, taken.claimed)
                self._delivery.wake(taken.told)
                if not taken.more:
                    return
        except StorageDown as error:
            log.warning("storage is down, the turn is kept and will be taken up again: %s", error)
            if turn is not None:
                await self._reflex(turn)

    async def _reflex(self, turn: Turn) -> None:
        """Storage is down. A danger gets its card straight away, past every queue; once for each event."""
        card = self._room.engine.reflex(turn) if turn.kind == "text" else None
        if card is None or turn.event_id in self._reflexes:
            return
        self._reflexes.append(turn.event_id)
        await self._delivery.reflex(turn, card)

    async def take_up(self) -> None:
        """Take up what nobody is working on: a process died, or a failed turn is due again."""
        before = self._clock() - GRACE
        for conversation_id in await self._store.run(lambda connection: inbox.waiting(connection, before)):
            self._start(conversation_id, wait=False)

    async def sweep(self) -> None:
        """Take up what nobody is working on, and send what is due."""
        await self.take_up()
        await self._delivery.sweep()

    async def close(self) -> None:
        """Finish the turns that run, then their sends. 20 seconds at most; what is left is found after the next start."""
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=20)
        await self._delivery.close()
