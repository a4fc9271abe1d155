"""kill -9 between any two steps of a turn, then a restart: one answer, nothing lost, on both databases."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from storage import inbox
from storage.store import Store
from tests.fakes.slack import SECRET, TOKEN, FakeSlack, SlackClient
from tests.fakes.teams import FakeTeams, TeamsClient

STEPS = ("verified", "parsed", "kept", "acknowledged", "taken", "answered", "committed", "claimed", "accepted", "noted")
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def doorstep(
    database: str, platform: dict[str, str], step: str, ahead: float
) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it would die with it
    environment = {**plain, "DATABASE_URL": database, **platform}
    command = [sys.executable, "-m", "tests.reliability.crash_server", step, str(ahead)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment, cwd=ROOT)
    assert process.stdout
    port = int(await asyncio.wait_for(process.stdout.readline(), 30))
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def deliver(send: Callable[[dict], Awaitable[int]], payload: dict) -> bool:
    """Send as the platform does; False when the connection died, so that the platform will send it again."""
    try:
        return await send(payload) == 200
    except aiohttp.ClientError:
        return False


@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_at_any_step_loses_and_doubles_nothing(
    database: str, slack: FakeSlack, session: aiohttp.ClientSession, step: str
) -> None:
    platform = {"SLACK_API_URL": slack.url, "SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}
    async with doorstep(database, platform, step, 0) as (address, process):
        client = SlackClient(address, session)
        payload = client.message("what does the standard say about shoe covers")
        acknowledged = await deliver(client.send_event, payload)
        await asyncio.wait_for(process.wait(), 15)
    async with doorstep(database, platform, "never", 60) as (address, _):
        client.address = address
        if not acknowledged:
            assert await deliver(client.send_event, payload)
        await slack.next(15)
        assert await deliver(client.send_event, payload), "a late resend is acknowledged"
        await asyncio.sleep(1.5)
    await once_and_blanked(database, [body["text"] for body in slack.sent()], step)


@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_at_any_step_loses_and_doubles_nothing_on_teams(
    sqlite: str, teams: FakeTeams, session: aiohttp.ClientSession, step: str
) -> None:
    """One database will do: what differs from Slack is before `kept` and after `claimed`."""
    platform = {name.upper(): value for name, value in teams.settings().items()}
    async with doorstep(sqlite, platform, step, 0) as (address, process):
        client = TeamsClient(address, teams, session)
        payload = client.message("what does the standard say about shoe covers")
        acknowledged = await deliver(client.post, payload)
        await asyncio.wait_for(process.wait(), 15)
    async with doorstep(sqlite, platform, "never", 60) as (address, _):
        client = TeamsClient(address, teams, session)
        if not acknowledged:
            assert await deliver(client.post, payload)
        await teams.next(15)
        assert await deliver(client.post, payload), "a late resend is acknowledged"
        again = {**client.message(payload["text"]), "timestamp": payload["timestamp"]}
        assert await deliver(client.post, again), "and so is one under a new id"
        await asyncio.sleep(1.5)
    await once_and_blanked(sqlite, [body["summary"] for body in teams.sent()], step)


async def once_and_blanked(database: str, texts: list[str], step: str) -> None:
    assert len(texts) in ((1, 2) if step == "accepted" else (1,))
    assert all("RR2" in text for text in texts)
    store = Store(database)
    states = store.transact(lambda c: list(c.execute(inbox.inbox.select()).all()))
    await store.close()
    assert [row.state for row in states] == ["done"]
    assert states[0].turn is None
