"""A tip to many people on a strict Teams that fails as Microsoft's does, with two workers of which one dies every few seconds.

    python -m bench.broadcast [20000] [--calm]

on a throw-away PostgreSQL. Prints how many were reached, the doubles and why, the highest rate, and the throughput as a share
of what the tenant's limit allows, and of what is left of it when the platform's own "wait so long" is taken off. Of 1,000 calls
about 20 are told 429 (half of them with a Retry-After of a second), 10 get 502, 5 are accepted and then answered 500; 1 in 50
people has blocked the bot. `--calm`: nothing fails and nobody dies.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, deque
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from storage import people, roster, schema, tips
from storage.store import Connection, Store
from tests.fakes.teams import TENANT, FakeTeams
from tests.postgres import Cluster

ROOT = Path(__file__).parents[1]
LIMIT = 30  # a second for the tenant, as our sender keeps it; Microsoft's own figure is 50
MICROSOFT = 50
DEATHS = (4.0, 9.0)  # seconds between one and the next
REPORTED = 1125  # messages a minute that users of Microsoft's Company Communicator report


class Crowd(FakeTeams):
    """The connector of a tenant with very many chats."""

    def __init__(self, blocked: set[str], *, calm: bool) -> None:
        super().__init__()
        self.calm = calm
        self.blocked = blocked
        self.chance = random.Random(26)
        self.got: Counter[str] = Counter()
        self.told_500: set[str] = set()
        self.recent: deque[float] = deque()
        self.highest = 0
        self.first = self.last = self.told_until = self.told = 0.0

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        now = time.monotonic()
        self.recent.append(now)
        while self.recent[0] < now - 1:
            self.recent.popleft()
        self.highest = max(self.highest, len(self.recent))
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        who, draw = request.match_info.get("conversation", ""), 1.0 if self.calm else self.chance.random()
        await asyncio.sleep(0.03)
        if who in self.blocked:
            return web.json_response({"error": {"code": "MessageWritesBlocked"}}, status=403)
        if draw < 0.02:
            headers = {"Retry-After": "1"} if draw < 0.01 else {}
            if headers:
                self.told += time.monotonic() + 1 - max(self.told_until, time.monotonic())
                self.told_until = time.monotonic() + 1
            return web.json_response({"error": {"code": "TooManyRequests"}}, status=429, headers=headers)
        if draw < 0.03:
            return web.json_response({"error": {"code": "ServiceError"}}, status=502)
        self.first = self.first or now
        self.last = time.monotonic()
        self.got[who] += 1
        if draw < 0.035:
            self.told_500.add(who)
            return web.json_response({"error": {"code": "ServiceError"}}, status=500)
        return web.json_response({"id": str(next(self._ids))})


def crowd(store: Store, count: int, service_url: str) -> None:
    """People of one tenant, each with a chat, and a tip for all of them."""
    now = datetime.now(UTC)

    def some(connection: Connection, numbers: range) -> None:
        tenant = people.tenant_id(connection, "teams", TENANT, now)
        for number in numbers:
            place = people.place(connection, tenant, f"dm:29:{number}", f"29:{number}", now)
            address = {"conversation": f"a:{number}", "service_url": service_url, "bot": "28:bot", "tenant": TENANT}
            people.note_address(connection, place.conversation_id, address)

    for start in range(0, count, 500):
        store.transact(lambda c, s=start: some(c, range(s, min(s + 500, count))))  # type: ignore[misc]

    def tip(connection: Connection) -> None:
        tenant = people.tenant_id(connection, "teams", TENANT, now)
        author = people.place(connection, tenant, "dm:29:trainer", "29:trainer", now).person_id
        roster.grant(connection, tenant, author, "trainer", None, now)
        later = (f"{(now.hour + hours) % 24:02}:00" for hours in (10, 11))  # whatever time it is, it isn't quiet
        quiet = dict(zip(("quiet_from", "quiet_to"), later, strict=True))
        contract = roster.put_contract(connection, tenant, "North", {"timezone": "UTC"}, quiet, now)
        team = roster.put_team(connection, tenant, contract, "Everybody", None)
        connection.execute(people.people.update().values(team_id=team))
        values = {"tenant_id": tenant, "author_id": author, "contract_id": None, "standard": "RR2", "text": "", "audience": {}}
        made = tips.make(connection, {**values, "due_at": now}, now)
        tips.change(connection, made, {"state": "scheduled"})

    store.transact(tip)


async def worker(environment: dict[str, str]) -> asyncio.subprocess.Process:
    """`doorstep worker`, as it is run."""
    command = [sys.executable, "-m", "adapters.cli.main", "worker"]
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet)


async def broadcast(count: int, database: str, *, calm: bool) -> None:
    """Send, kill, and count."""
    chance = random.Random(7)
    blocked = {f"a:{number}" for number in range(count) if chance.random() < 0.02}
    teams = Crowd(blocked, calm=calm)
    await teams.start()
    store = Store(database)
    crowd(store, count, teams.service_url)
    with tempfile.TemporaryDirectory() as folder:
        settings = {name.upper(): str(value) for name, value in teams.settings().items()}
        environment = {
            **os.environ,
            **settings,
            "DATABASE_URL": database,
            "DOORSTEP_DATA": folder,
            "TEAMS_ALLOWED_TENANTS": TENANT,
        }
        running = [await worker(environment) for _ in range(2)]
        deaths, quiet_since, seen = 0, time.monotonic(), 0
        while len(teams.got) < count - len(blocked) and time.monotonic() - quiet_since < 120:
            await asyncio.sleep(chance.uniform(*DEATHS))
            if not calm:
                victim = chance.randrange(2)
                running[victim].send_signal(signal.SIGKILL)
                await running[victim].wait()
                running[victim] = await worker(environment)
                deaths += 1
            if len(teams.got) != seen:
                quiet_since, seen = time.monotonic(), len(teams.got)
        await asyncio.sleep(30)  # what is still under way, and what must not come again
        for process in running:
            process.terminate()
            await process.wait()
    report(count, teams, deaths)
    store.engine.dispose()
    await teams.stop()


def report(count: int, teams: Crowd, deaths: int) -> None:
    """Print what came of it."""
    reachable = count - len(teams.blocked)
    doubles = {who: times for who, times in teams.got.items() if times > 1}
    explained = sum(who in teams.told_500 for who in doubles)
    seconds = teams.last - teams.first
    rate = 60 * sum(teams.got.values()) / seconds
    print(
        f"{len(teams.got)} of {reachable} reachable people have it; {len(teams.blocked)} had blocked the bot; {deaths} deaths"
    )
    print(f"doubles: {len(doubles)}, of which {explained} were accepted and then answered 500; for the rest, a process died")
    print(f"at most {teams.highest} calls in any second (Microsoft allows {MICROSOFT})")
    share, left = rate / 60 / LIMIT, 1 - teams.told / seconds
    print(f"{rate:.0f} a minute, {share:.0%} of the {60 * LIMIT} that our limit allows; {REPORTED} are reported elsewhere")
    print(f"told to wait for {teams.told:.0f} of {seconds:.0f} seconds: {share / left:.0%} of what was left")


def main() -> None:
    """Run it on a database of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench.broadcast")
    parser.add_argument("count", type=int, nargs="?", default=20_000)
    parser.add_argument("--calm", action="store_true")
    asked = parser.parse_args()
    cluster = Cluster()
    try:
        store = Store(cluster.url("postgres"))
        schema.upgrade(store)
        store.engine.dispose()
        asyncio.run(broadcast(asked.count, cluster.url("postgres"), calm=asked.calm))
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
