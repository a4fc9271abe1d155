"""A storm of visits: many people answer at once, tap twice, late and on two buttons, while the process dies again and again.

    python -m tests.reliability.storm 10000 [sqlite|postgresql]

prints what was asked, how often the process died, and whether every record is that of the clean run; exit code 1 if one isn't.
Each life of the child draws its deaths at the same steps as `test_crashes`: kept, taken, answered, committed, claimed,
accepted, noted. What the child had not acknowledged is sent again, under the same id, as a platform does.
"""

import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage import schema
from storage.store import Store
from storage.tables import table
from storage.work_tables import Visit
from tests.postgres import Cluster

ITEMS = ("job", "parts", "badge", "covers", "time")
LABELS = {"Yes": "yes", "No": "no", "N/A": "na"}
PEOPLE, DEATHS, LEASE = (
    40,
    1 / 3000,
    60,
)  # at once; a step's chance to be the last; seconds after which a dead one's work is free
PATIENCE, AGAIN = 120, 4  # seconds without the card that must come; until somebody taps again


async def child(database: str, seed: int, ahead: float) -> None:
    """One life: reads turns as lines, tells what it acknowledged and what it sent, and dies at some step."""
    from adapters.platform import NO_PICTURES
    from adapters.settings import Settings
    from adapters.web.platform import WebPlatform
    from adapters.wiring import build
    from bot.engine import Engine
    from bot.turn import Choice, Turn
    from bot.understanding.reader import PlainReader
    from content import load_pack

    chance = random.Random(seed)

    def tell(**line: Any) -> None:
        os.write(1, (json.dumps(line) + "\n").encode())

    def at(_: str) -> None:
        if chance.random() < DEATHS:
            os.kill(os.getpid(), signal.SIGKILL)

    class Told(WebPlatform):
        async def send(self, parcel: Any, pictures: Any = NO_PICTURES) -> str | None:
            identity = await super().send(parcel, pictures)
            shown = next(one["card"] for one in self._chats[parcel.conversation] if one["id"] == identity)
            values = {button["label"]: button["value"] for button in shown["buttons"]}
            tell(chat=parcel.conversation, title=shown["title"], values=values)
            return identity

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=ahead)

    pack = load_pack()
    settings = Settings(_env_file=None, database_url=database, doorstep_data=Path(tempfile.gettempdir()))
    house = await build(settings, Told(f"{seed}-"), clock=clock, at=at, engine=Engine(pack, PlainReader(pack)))
    house.worker.start()
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    tell(ready=True)
    running: set[asyncio.Task[None]] = set()

    async def receive(data: dict[str, Any]) -> None:
        chat = data["chat"]
        common: dict[str, Any] = {
            "platform": "web", "tenant": "storm", "person": chat, "conversation": chat, "event_id": data["id"],
            "received_at": clock(), "roles": ("operative",), "reach": {"chat": chat},
        }  # fmt: skip
        if "value" in data:
            card, revision, option = data["value"].split(".")
            turn = Turn(**common, kind="choice", choice=Choice(card, int(revision), int(option)), editable=True)
        else:
            turn = Turn(**common, text=data["text"])
        await house.gateway.receive(turn)
        tell(ack=data["id"])

    while line := await lines.readline():
        task = asyncio.create_task(receive(json.loads(line)))
        running.add(task)
        task.add_done_callback(running.discard)
    await house.close()


class Storm:
    """The people, and the child that dies under them."""

    def __init__(self, database: str, visits: int) -> None:
        self.database, self.visits = database, visits
        self.chance = random.Random(26)
        self.deaths = 0
        self.sent: dict[str, str] = {}
        self.shown: dict[str, tuple[str, dict[str, str]]] = {}
        self.changed: dict[str, asyncio.Event] = {}
        self.process: asyncio.subprocess.Process | None = None
        self.wanted: dict[str, list[set[str]]] = {}
        self.turns = 0
        self.done = False

    async def keep_alive(self) -> None:
        """Start a child, hear it until it dies, and start the next with what was not acknowledged."""
        while not self.done:
            command = [sys.executable, "-m", "tests.reliability.storm", "child", self.database]
            command += [str(self.deaths), str(self.deaths * LEASE)]
            self.process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 20
            )
            assert self.process.stdout
            while line := await self.process.stdout.readline():
                self.hear(json.loads(line))
            await self.process.wait()
            self.deaths += not self.done

    def hear(self, line: dict[str, Any]) -> None:
        if "ready" in line:
            for text in list(self.sent.values()):
                self.write(text)
        elif "ack" in line:
            self.sent.pop(line["ack"], None)
        else:
            self.shown[line["chat"]] = line["title"], line["values"]
            self.changed[line["chat"]].set()

    def write(self, text: str) -> None:
        if self.process and self.process.stdin and not self.process.stdin.is_closing():
            self.process.stdin.write(text.encode())

    def post(self, chat: str, times: int = 1, **what: str) -> None:
        """Send something, as often as a platform might."""
        self.turns += 1
        identity = f"{chat}-{self.turns}"
        text = json.dumps({"chat": chat, "id": identity, **what}) + "\n"
        self.sent[identity] = text
        for _ in range(times):
            self.write(text)

    async def until(self, chat: str, state: str) -> dict[str, str]:
        """The buttons of the chat's newest card, once that shows the state."""
        while True:
            title, values = self.shown.get(chat, ("", {}))
            if state in title:
                return values
            self.changed[chat].clear()
            try:
                await asyncio.wait_for(self.changed[chat].wait(), PATIENCE)
            except TimeoutError:
                raise TimeoutError(f"{chat} waits for {state} and sees {title!r} after {self.deaths} deaths") from None

    async def person(self, chat: str, places: list[str]) -> None:
        self.changed[chat] = asyncio.Event()
        for place in places:
            self.post(chat, self.chance.choice((1, 1, 2)), text=f"visit {place}")
            told: list[set[str]] = []
            old: list[dict[str, str]] = []
            for number in range(1, len(ITEMS) + 1):
                values = await self.until(chat, f"{number}/{len(ITEMS)}")
                label = self.chance.choice(list(LABELS))
                told.append(self.answer(chat, label, values, old))
                old.append(values)
                await self.past(chat, f"{number}/{len(ITEMS)}", label)
            await self.until(chat, "Ready")
            self.wanted[place] = told

    async def past(self, chat: str, state: str, label: str) -> None:
        """Wait until the card has moved on. Where it hasn't, because it changed under the thumb, the person taps again."""
        while state in (shown := self.shown[chat])[0]:
            self.changed[chat].clear()
            try:
                await asyncio.wait_for(self.changed[chat].wait(), AGAIN)
            except TimeoutError:
                if state in self.shown[chat][0]:
                    self.post(chat, value=shown[1][label])

    def answer(self, chat: str, label: str, values: dict[str, str], old: list[dict[str, str]]) -> set[str]:
        """Tap in some faulty way; which answers may count."""
        fault = self.chance.choice(("none", "none", "twice", "late", "both"))
        if fault == "late" and old:
            self.post(chat, value=self.chance.choice(old)["No"])
        self.post(chat, 3 if fault == "twice" else 1, value=values[label])
        if fault != "both":
            return {LABELS[label]}
        other = self.chance.choice([one for one in LABELS if one != label])
        self.post(chat, value=values[other])
        return {LABELS[label], LABELS[other]}

    async def run(self) -> None:
        roads = ("Elm", "Oak", "Ash", "Mill", "Larch", "Rowan")
        places = [f"{number // len(roads) + 1} {roads[number % len(roads)]} Court" for number in range(self.visits)]
        alive = asyncio.create_task(self.keep_alive())
        await asyncio.gather(*(self.person(f"chat:{n}", places[n::PEOPLE]) for n in range(PEOPLE)))
        self.done = True
        if self.process:
            self.process.kill()
        await alive

    def wrong(self) -> list[str]:
        """Every visit that isn't as the clean run would have left it."""
        store, visit = Store(self.database), table(Visit)
        rows = store.transact(lambda c: list(c.execute(visit.select()).mappings()))
        store.engine.dispose()
        found = [f"{len(rows)} visits instead of {self.visits}"] if len(rows) != self.visits else []
        for row in rows:
            told = self.wanted.get(str(row["place"]), [])
            given = [row["answers"].get(item, [""])[0] for item in ITEMS]
            if row["state"] != "done" or len(told) != len(ITEMS) or any(g not in t for g, t in zip(given, told, strict=True)):
                found.append(f"{row['place']}: {row['state']}, {given}, told {told}")
        return found


def main(visits: int, kind: str) -> int:
    """Let it storm on a fresh database, and look at what is left."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster() if kind == "postgresql" else None
        database = cluster.url("postgres") if cluster else f"sqlite:///{folder}/doorstep.db"
        store = Store(database)
        schema.upgrade(store)
        store.engine.dispose()
        storm, start = Storm(database, visits), time.monotonic()
        asyncio.run(storm.run())
        wrong = storm.wrong()
        if cluster:
            cluster.stop()
    minutes = (time.monotonic() - start) / 60
    print(f"{kind}: {visits} visits by {PEOPLE} people, {storm.turns} messages, {storm.deaths} deaths, {minutes:.0f} minutes")
    print("\n".join(wrong[:20]) or "every record is that of the clean run")
    return bool(wrong)


if __name__ == "__main__":
    if sys.argv[1] == "child":
        asyncio.run(child(sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
    else:
        sys.exit(main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "sqlite"))
