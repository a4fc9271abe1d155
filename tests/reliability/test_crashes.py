"""kill -9 between any two steps of a turn, then a restart: one answer, nothing lost, on both databases."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from storage import inbox
from storage.store import Store
from tests.fakes.slack import SECRET, TOKEN, FakeSlack, SlackClient

STEPS = ("verified", "parsed", "kept", "acknowledged", "taken", "answered", "committed", "claimed", "accepted", "noted")
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def doorstep(
    database: str, slack: FakeSlack, step: str, ahead: float
) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "SLACK_API_URL": slack.url,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
    }
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


async def deliver(client: SlackClient, payload: dict) -> bool:
    """Send as Slack does; False when the connection died, so that Slack will send it again."""
    try:
        return await client.send_event(payload) == 200
    except aiohttp.ClientError:
        return False


@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_at_any_step_loses_and_doubles_nothing(
    database: str, slack: FakeSlack, session: aiohttp.ClientSession, step: str
) -> None:
    async with doorstep(database, slack, step, 0) as (address, process):
        client = SlackClient(address, session)
        payload = client.message("what does the standard say about shoe covers")
        acknowledged = await deliver(client, payload)
        await asyncio.wait_for(process.wait(), 15)
    async with doorstep(database, slack, "never", 60) as (address, _):
        client.address = address
        if not acknowledged:
            assert await deliver(client, payload)
        await slack.next(15)
        assert await deliver(client, payload), "a late resend is acknowledged"
        await asyncio.sleep(1.5)
    texts = [body["text"] for body in slack.sent()]
    assert len(texts) in ((1, 2) if step == "accepted" else (1,))
    assert all("RR2" in text for text in texts)
    store = Store(database)
    states = store.transact(lambda c: list(c.execute(inbox.inbox.select()).all()))
    await store.close()
    assert [row.state for row in states] == ["done"]
    assert states[0].turn is None
