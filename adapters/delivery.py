"""Sends what the outbox holds: in order within a conversation, paced by the platform's limits, never lost.

A parcel is leased before it is sent and noted after; a process that dies in between leaves a lease that runs out, and
another process sends it again. Only between the platform's acceptance and our note can that make a double.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from prometheus_client import Counter

from adapters.errors import (
    DeliveryError,
    MaybeSent,
    MessageGone,
    Misconfigured,
    NotRendered,
    NotSent,
    RateLimited,
    Unreachable,
)
from adapters.metrics import REGISTRY
from adapters.platform import NO_PICTURES, Pictures, Platform
from bot.phrases import Phrases
from bot.receipt import fold
from bot.reply import Block, Card
from bot.turn import Turn
from storage import outbox
from storage.buckets import Limit
from storage.errors import StorageDown
from storage.inbox import lock
from storage.outbox import Action, Later, Parcel, Postbox
from storage.store import Connection, Store

log = logging.getLogger("doorstep.delivery")
SENDS = Counter("doorstep_sends", "Messages by platform and outcome", ["platform", "outcome"], registry=REGISTRY)

PLAINEST = 2
SOON = 90.0
CROWD, SPREAD = 10, 2.0  # chats that wait for a limit before they are spread, and over how many seconds
LANES = 8  # chats that one process sends to at once
SWEEP_SECONDS = 1.0
AFTER_LIMIT = (0.04, 0.5)  # seconds, at the least and at the most, until a limit is asked again: it says when itself
NOTE_AGAIN_SECONDS = (0.2, 1.0, 5.0, 10.0)


async def no_album(_: dict[str, Any]) -> Pictures:
    """The album of a program that shows no photos."""
    return NO_PICTURES


class Delivery:
    """The sender of one process."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        phrases: Phrases,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        at: Callable[[str], None],
        album: Callable[[dict[str, Any]], Awaitable[Pictures]] = no_album,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._chance = chance
        self._look = asyncio.Event()
        self._lanes = asyncio.Semaphore(LANES)
        self._pumps = self._ending = False
        self._album = album
        self._store = store
        self._platforms = platforms
        self._phrases = phrases
        self._clock = clock
        self._at = at
        self._tasks: set[asyncio.Task[Any]] = set()
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self.postbox = Postbox(self._pace, lambda cards: _fold(phrases, cards), new_id)

    def _pace(self, platform: str, action: Action, address: dict[str, Any], conversation: str) -> Sequence[Limit]:
        found = self._platforms.get(platform)
        return found.limits(action, address, conversation) if found else ()

    def start(self, conversation_id: int, claimed: Parcel | Later | None) -> None:
        """Send in a task of its own, beside whatever else the process does."""
        self.later(conversation_id, claimed)
        if isinstance(claimed, Parcel):
            self._spawn(self.deliver(claimed))

    def wake(self, conversations: Sequence[int]) -> None:
        """Look after other chats that a turn put something into."""
        for conversation_id in conversations:
            self._spawn(self.drain(conversation_id))

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def reflex(self, turn: Turn, card: Card) -> None:
        """Send a safety card past every queue: storage is down. Failing that too, all that is left is a line in the log."""
        platform = self._platforms.get(turn.platform)
        if platform is None:
            return
        bare = replace(card, buttons=(), blocks=(*card.blocks, Block("note", self._phrases("reflex.note"))))
        parcel = Parcel(
            0, 0, turn.tenant, turn.platform, 0, turn.conversation, "send", None, 0, None, turn.address, bare.to_json(), 1, 0
        )
        try:
            await platform.send(parcel)
        except DeliveryError as error:
            log.error("storage is down and the safety card could not be sent: %s", type(error).__name__)

    async def deliver(self, claimed: Parcel | Later | None) -> None:
        """Send a claimed parcel and whatever waits behind it in its conversation."""
        try:
            while isinstance(claimed, Parcel):
                claimed = await self._send(claimed)
        except StorageDown as error:
            log.warning("storage is down, the sweep will come back to it: %s", error)

    async def _send(self, parcel: Parcel) -> Parcel | Later | None:
        platform = self._platforms.get(parcel.platform)
        if platform is None:
            return await self._note(parcel, "off", lambda c, now: _put_off(c, parcel, now))
        self._at("claimed")
        try:
            message_id = await platform.send(parcel, await self._album(parcel.content))
        except DeliveryError as error:
            return await self._failed(parcel, platform, error)
        self._at("accepted")
        return await self._note(parcel, "sent", lambda c, now: outbox.sent(c, parcel, message_id, now))

    async def _failed(self, parcel: Parcel, platform: Platform, error: DeliveryError) -> Parcel | Later | None:
        log.warning("send %s on %s: %s", parcel.id, parcel.platform, type(error).__name__)
        reason = str(error)[:200]

        def note(connection: Connection, now: datetime) -> None:
            match error:
                case RateLimited():
                    limits = platform.limits(parcel.action, parcel.address, parcel.conversation)
                    outbox.hold_back(connection, parcel, limits, error.seconds, now, told=error.told)
                case NotRendered() if parcel.rung < PLAINEST:
                    outbox.plainer(connection, parcel, now)
                case MessageGone() if parcel.action == "update":
                    outbox.as_new(connection, parcel, now)
                case Unreachable():
                    outbox.give_up(connection, parcel, "suppressed", reason, now)
                case Misconfigured() | NotRendered() | MessageGone():
                    outbox.give_up(connection, parcel, "dead", reason, now)
                case MaybeSent() if parcel.once:
                    outbox.give_up(connection, parcel, "unsure", reason, now)
                case NotSent() | MaybeSent() | DeliveryError():
                    outbox.try_again(connection, parcel, reason, now)

        return await self._note(parcel, type(error).__name__, note)

    async def _note(
        self, parcel: Parcel, outcome: str, note: Callable[[Connection, datetime], object]
    ) -> Parcel | Later | None:
        """Write the outcome down and claim the conversation's next parcel in the same transaction."""
        SENDS.labels(parcel.platform, outcome).inc()
        now = self._clock()

        def work(connection: Connection) -> Parcel | Later | None:
            lock(connection, parcel.conversation_id, wait=True)
            note(connection, now)
            return outbox.claim(connection, parcel.conversation_id, self.postbox, now)

        claimed = await self._noted(work)
        self._at("noted")
        self.later(parcel.conversation_id, claimed)
        return claimed

    async def _noted(self, work: Callable[[Connection], Parcel | Later | None]) -> Parcel | Later | None:
        """Run a note, and again while storage is down and the lease still holds: without the note, it would be sent twice."""
        for seconds in NOTE_AGAIN_SECONDS:
            try:
                return await self._store.run(work)
            except StorageDown:
                await asyncio.sleep(seconds)
        return await self._store.run(work)

    def later(self, conversation_id: int, claimed: Parcel | Later | None) -> None:
        """Come back when a limit allows; the sweep is the safety net behind this timer."""
        if not isinstance(claimed, Later):
            return
        delay = (claimed.at - self._clock()).total_seconds()
        if delay > SOON or conversation_id in self._timers:
            return
        if len(self._timers) >= CROWD:  # they wait for the same limit: coming back all at once, each would only find it taken
            delay += self._chance() * SPREAD
        loop = asyncio.get_running_loop()
        self._timers[conversation_id] = loop.call_later(max(0.01, delay), self._wake, conversation_id)

    def _wake(self, conversation_id: int) -> None:
        self._timers.pop(conversation_id, None)
        self._spawn(self.drain(conversation_id))

    async def drain(self, conversation_id: int) -> None:
        """Send whatever waits in a conversation, unless another process is at it."""
        try:
            claimed = await self._claim(conversation_id)
        except StorageDown as error:
            log.warning("storage is down, the sweep will come back to it: %s", error)
            return
        self.later(conversation_id, claimed)
        await self.deliver(claimed)

    async def _claim(self, conversation_id: int) -> Parcel | Later | None:
        now = self._clock()
        return await self._store.run(lambda c: outbox.claim_waiting(c, conversation_id, self.postbox, now))

    async def sweep(self) -> None:
        """Send what is due anywhere, and wait until it is sent: tips, retries, and what a dead process had leased.

        Raises:
            StorageDown: the database can't be reached.
        """
        before = set(self._tasks)
        await self._hand_out()
        if mine := self._tasks - before:
            await asyncio.wait(mine)

    async def _hand_out(self) -> datetime | None:
        """Give what is due to the lanes, several chats at a time; a chat that is slow to send to holds up only its lane.

        A tenant whose limit is reached is left alone until the next time: when the first of them may send again.
        """
        limited: dict[int, datetime] = {}
        tried: set[int] = set()
        while not self._ending:
            now = self._clock()
            found = await self._store.run(lambda c: outbox.waiting(c, now, limited))  # noqa: B023  # awaited at once
            due = [(chat, tenant) for chat, tenant in found if chat not in tried]
            if not due:
                break
            tried.update(chat for chat, _ in due)
            due.sort(key=lambda _: self._chance())  # another process has the same list
            for chat, tenant in due:
                await self._lanes.acquire()
                self._spawn(self._lane(chat, tenant, limited))
        return min(limited.values(), default=None)

    async def _lane(self, chat: int, tenant: int, limited: dict[int, datetime]) -> None:
        try:
            if self._ending or tenant in limited:
                return
            claimed = await self._claim(chat)
            if isinstance(claimed, Later):
                limited[tenant] = claimed.at
            await self.deliver(claimed)
        except StorageDown as error:
            log.warning("storage is down, the sweep will come back to it: %s", error)
        finally:
            self._lanes.release()

    async def run(self) -> None:
        """Sweep until `end`: again at once after `look`, when a limit allows where one was reached, else every second."""
        self._pumps = True
        while not self._ending:
            self._look.clear()
            again = None
            try:
                again = await self._hand_out()
            except Exception as error:  # noqa: BLE001  # the edge of the loop: it must outlive any one sweep
                log.error("a sweep failed and will be tried again: %s: %s", type(error).__name__, error)
            with suppress(TimeoutError):
                if again:
                    least, most = AFTER_LIMIT
                    await asyncio.sleep(min(most, max(least, (again - self._clock()).total_seconds())))
                else:
                    await asyncio.wait_for(self._look.wait(), SWEEP_SECONDS)

    def look(self) -> None:
        """Something was put into the outbox: sweep now."""
        if self._pumps:
            self._look.set()
        else:
            self._spawn(self._hand_out())

    def end(self) -> None:
        """What is being sent is the last."""
        self._ending = True
        self._look.set()

    async def close(self) -> None:
        """Stop the timers and let running sends finish."""
        for timer in self._timers.values():
            timer.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=20)


def _put_off(connection: Connection, parcel: Parcel, now: datetime) -> None:
    """This process doesn't run that platform: leave the parcel for one that does."""
    outbox.hold_back(connection, parcel, (), 5.0, now)


def _fold(phrases: Phrases, cards: list[dict[str, Any]]) -> dict[str, Any]:
    return fold(phrases, [Card.from_json(card) for card in cards]).to_json()
