"""What happens without anybody asking: taking up what a dead process left, retries, and clearing out what is old."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from adapters.api.webhooks import Webhooks
from adapters.delivery import Delivery
from adapters.gateway import Gateway
from adapters.metrics import QUEUES
from adapters.rounds import Rounds
from storage import cards, inbox, letters, life, links, occasions, outbox
from storage.files import FileStore
from storage.store import Connection, Store

log = logging.getLogger("doorstep.worker")

SWEEP_SECONDS = 1.0
TIDY_SECONDS = 3600.0
ROUNDS_SECONDS = 20.0
STOP_SECONDS = 20.0
AT_ONCE = 10  # contracts in one transaction: whoever waits for storage meanwhile shouldn't notice


class Worker:
    """Looks every second for what is due and tidies every hour, in one task; sends in another."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        delivery: Delivery,
        files: FileStore,
        rounds: Rounds,
        webhooks: Webhooks,
        clock: Callable[[], datetime],
    ) -> None:
        self._files = files
        self._delivery = delivery
        self._rounds = rounds
        self._webhooks = webhooks
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin, on the running loop."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._run()), loop.create_task(self._delivery.run())]

    async def stop(self) -> None:
        """End once what is being sent has been noted."""
        self._delivery.end()
        for task in self._tasks[:1]:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        tidy_at = rounds_at = loop.time()
        while True:
            try:
                await self._gateway.take_up()
                await self._webhooks.go()
                await self.send_tips()
                if loop.time() >= rounds_at:
                    rounds_at = loop.time() + ROUNDS_SECONDS
                    await self.go_round()
                if loop.time() >= tidy_at:
                    tidy_at = loop.time() + TIDY_SECONDS
                    await self._store.run(self._tidy)
            except Exception as error:  # noqa: BLE001  # the edge of the worker's loop: it must outlive any one sweep
                log.error("a sweep failed and will be tried again: %s: %s", type(error).__name__, error)
            await asyncio.sleep(SWEEP_SECONDS)

    async def go_round(self) -> None:
        """Say what is due by the clock, and send it."""
        contracts = await self._store.run(self._rounds.every)
        for start in range(0, len(contracts), AT_ONCE):
            some = contracts[start : start + AT_ONCE]
            if await self._store.run(lambda c: self._rounds.go(c, some)):  # noqa: B023  # awaited at once
                self._delivery.look()
        if await self._store.run(self._rounds.promises):
            self._delivery.look()
        await self.send_tips()

    async def send_tips(self) -> None:
        """Send as many tips as there is room for."""
        if await self._store.run(self._rounds.tips):
            self._delivery.look()

    def _tidy(self, connection: Connection) -> None:
        now = self._clock()
        occasions.forget(connection, now)
        links.forget(connection, now)
        removed = inbox.forget(connection, now) + outbox.forget(connection, now) + cards.forget(connection, now)
        old = life.run_out(connection, now)
        for identity in old:
            self._files.remove(identity)
        life.forget_photos(connection, old)
        if removed:
            log.info("tidied %s old rows", removed)

    async def measure(self) -> None:
        """Fill in the gauges that `/metrics` shows."""
        for queue, rows in (await self._store.run(letters.counts)).items():
            QUEUES.labels(queue).set(rows)
