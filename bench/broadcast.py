"""A tip to many people on Teams and Slack at once, with two workers of which one dies every few seconds.

    python -m bench.broadcast [TEAMS [SLACK]] [--calm]

18,000 people on Teams and 2,000 on Slack where nothing else is said, on a throw-away PostgreSQL. Prints for each platform how
many were reached, the doubles and why, the highest rate, and the throughput as a share of what our limit allows.
`--calm`: nothing fails and nobody dies. See `bench.crowds` for how the platforms fail.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.crowds import SlackCrowd, TeamsCrowd
from storage import people, roster, schema, tips
from storage.store import Connection, Store
from tests.postgres import Cluster

ROOT = Path(__file__).parents[1]
DEATHS = (4.0, 9.0)  # seconds between one and the next
STILL = 120.0  # seconds without anything new after which it is given up
REPORTED = 1125  # messages a minute that users of Microsoft's Company Communicator report
BLOCKED = 0.02

Crowd = TeamsCrowd | SlackCrowd


def fill(store: Store, crowd: Crowd, count: int) -> None:
    """People of one tenant, each with a chat, and a tip for all of them."""
    now = datetime.now(UTC)

    def some(connection: Connection, numbers: range) -> None:
        tenant = people.tenant_id(connection, crowd.name, crowd.tenant, now)
        for number in numbers:
            person, _, address = crowd.reach(number)
            place = people.place(connection, tenant, f"dm:{person}", person, now)
            people.note_address(connection, place.conversation_id, address)

    for start in range(0, count, 500):
        store.transact(lambda c, s=start: some(c, range(s, min(s + 500, count))))  # type: ignore[misc]

    def tip(connection: Connection) -> None:
        tenant = people.tenant_id(connection, crowd.name, crowd.tenant, now)
        author = people.place(connection, tenant, "dm:trainer", "trainer", now).person_id
        roster.grant(connection, tenant, author, "trainer", None, now)
        later = (f"{(now.hour + hours) % 24:02}:00" for hours in (10, 11))
        awake = {**dict(zip(("quiet_from", "quiet_to"), later, strict=True)), "worked_days": [now.date().isoformat()]}
        contract = roster.put_contract(connection, tenant, "North", {"timezone": "UTC"}, awake, now)  # whenever it is run
        team = roster.put_team(connection, tenant, contract, "Everybody", None)
        connection.execute(people.people.update().where(people.people.c.tenant_id == tenant).values(team_id=team))
        values = {"tenant_id": tenant, "author_id": author, "contract_id": None, "standard": "RR2", "text": "", "audience": {}}
        made = tips.make(connection, {**values, "due_at": now}, now)
        tips.change(connection, made, {"state": "scheduled"})

    store.transact(tip)


async def worker(environment: dict[str, str]) -> asyncio.subprocess.Process:
    """`doorstep worker`, as it is run."""
    command = [sys.executable, "-m", "adapters.cli.main", "worker"]
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet)


async def broadcast(counts: dict[type[TeamsCrowd] | type[SlackCrowd], int], database: str, *, calm: bool) -> None:
    """Send, kill, and count."""
    chance = random.Random(7)
    store, environment = Store(database), {**os.environ, "DATABASE_URL": database}
    crowds: list[tuple[Crowd, int]] = []
    for kind, count in counts.items():
        crowd = kind()
        await crowd.start()
        crowd.counting({crowd.reach(number)[1] for number in range(count) if chance.random() < BLOCKED}, calm=calm)
        fill(store, crowd, count)
        environment |= {name.upper(): str(value) for name, value in crowd.settings().items()}
        crowds.append((crowd, count))
    with tempfile.TemporaryDirectory() as folder:
        deaths = await _work(crowds, {**environment, "DOORSTEP_DATA": folder}, chance, calm=calm)
    print(f"{sum(counts.values())} people, {deaths} deaths of a worker")
    for crowd, count in crowds:
        report(count, crowd)
        await crowd.stop()
    store.engine.dispose()


async def _work(crowds: list[tuple[Crowd, int]], environment: dict[str, str], chance: random.Random, *, calm: bool) -> int:
    """Two workers, until everybody reachable has it or nothing new comes; how often one died."""
    running = [await worker(environment) for _ in range(2)]
    deaths, quiet_since, seen = 0, time.monotonic(), 0
    while any(len(crowd.got) < count - len(crowd.blocked) for crowd, count in crowds) and (
        time.monotonic() - quiet_since < STILL
    ):
        await asyncio.sleep(chance.uniform(*DEATHS))
        if not calm:
            victim = chance.randrange(2)
            running[victim].send_signal(signal.SIGKILL)
            await running[victim].wait()
            running[victim] = await worker(environment)
            deaths += 1
        if (reached := sum(len(crowd.got) for crowd, _ in crowds)) != seen:
            quiet_since, seen = time.monotonic(), reached
    await asyncio.sleep(30)  # what is still under way, and what must not come again
    for process in running:
        process.terminate()
        await process.wait()
    return deaths


def report(count: int, crowd: Crowd) -> None:
    """Print what came of it on one platform."""
    reachable = count - len(crowd.blocked)
    doubles = {who: times for who, times in crowd.got.items() if times > 1}
    explained = sum(who in crowd.told_500 for who in doubles)
    seconds = crowd.last - crowd.first
    rate = sum(crowd.got.values()) / seconds
    print(f"{crowd.name}: {len(crowd.got)} of {reachable} reachable people have it; {len(crowd.blocked)} can't be written to")
    print(f"  doubles: {len(doubles)}, of which {explained} were accepted and then answered 500; for the rest, a process died")
    print(f"  at most {crowd.highest} calls in {crowd.window:.0f} s ({crowd.allowed} are allowed; {crowd.exceeded} were over)")
    print(f"  {60 * rate:.0f} a minute in {seconds:.0f} s, {rate / crowd.ours:.0%} of the {60 * crowd.ours:.0f} of our limit")
    print(f"  told to wait for {crowd.told:.0f} s")
    if crowd.name == "teams":
        print(f"  ({REPORTED} a minute are reported by users of Microsoft's Company Communicator)")


def main() -> None:
    """Run it on a database of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench.broadcast")
    parser.add_argument("teams", type=int, nargs="?", default=18_000)
    parser.add_argument("slack", type=int, nargs="?", default=2_000)
    parser.add_argument("--calm", action="store_true")
    asked = parser.parse_args()
    cluster = Cluster()
    try:
        store = Store(cluster.url("postgres"))
        schema.upgrade(store)
        store.engine.dispose()
        counts: dict[type[TeamsCrowd] | type[SlackCrowd], int] = {TeamsCrowd: asked.teams, SlackCrowd: asked.slack}
        wanted = {kind: count for kind, count in counts.items() if count}
        asyncio.run(broadcast(wanted, cluster.url("postgres"), calm=asked.calm))
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
