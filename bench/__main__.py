"""Runs the comparison and prints it. Figures are CPU milliseconds of the server for each turn, the median of the rounds.

Wall-clock time on a shared machine says little; CPU time does, and the ratio to Bolt's echo in the same run says most. The
servers take turns, round by round, so that a busy neighbour hits both.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bench import entra, reading
from bench.servers import tenants
from bot.privacy import Guard
from content import guard_words
from tests.fakes.slack import FakeSlack, SlackClient
from tests.fakes.teams import FakeTeams, TeamsClient, actions_of, card_of

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `doorstep` does
ROOT = Path(__file__).parents[1]
ROUNDS, TURNS = 9, 28  # two questions each stay within a workspace's burst
LABELS = {
    "echo": "Bolt, echo, one shared session",
    "first": "Doorstep on Slack, a first question",
    "question": "Doorstep on Slack, question",
    "button": "Doorstep on Slack, button",
    "their_echo": "botbuilder as shipped, echo",
    "their_question": "Doorstep on Teams, question",
    "their_button": "Doorstep on Teams, button",
}
AIMS = {
    "button": ("echo", 4.0),
    "question": ("echo", 8.0),
    "their_question": ("their_echo", 1 / 3),
    "their_button": ("their_echo", 1 / 3),
}
TICK = os.sysconf("SC_CLK_TCK")
QUESTIONS = (
    "what does the standard say about shoe covers",
    "can i vape in the garden",
    "how long have we got to answer a stage 1",
    "office will sort it, thats my usual line, any good",
    "who won the match",
    "deaf lady what do i do",
)


def cpu_ms(pid: int) -> float:
    """User and system time of a process so far. Nanoseconds where the kernel tells them, else clock ticks."""
    schedstats = [Path(f"/proc/{pid}/task/{task}/schedstat") for task in os.listdir(f"/proc/{pid}/task")]
    try:
        return sum(int(path.read_text().split()[0]) for path in schedstats) / 1e6
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def memory_mb(pid: int) -> float:
    return (
        next(int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
        / 1024
    )


@asynccontextmanager
async def server(kind: str, slack: FakeSlack, teams: FakeTeams, **more: str) -> Any:
    started = time.perf_counter()
    environment = {**os.environ, **more}
    command = [sys.executable, "-m", "bench.servers", kind, slack.url, teams.address]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=ROOT, env=environment)
    assert process.stdout
    port = int(await process.stdout.readline())
    yield Server(process.pid, f"http://127.0.0.1:{port}", time.perf_counter() - started)
    process.kill()
    await process.wait()


@dataclass(frozen=True)
class Server:
    """A server under measurement: its process, its address, and the seconds until it listened."""

    pid: int
    address: str
    start: float


async def measure(pid: int, turns: Iterable[Awaitable[Any]], answered: Callable[[], Awaitable[Any]]) -> float:
    """CPU for each of these turns, one after the other; a turn is over when its message has arrived."""
    before, count = cpu_ms(pid), 0
    for turn in turns:
        assert await turn == 200
        await answered()
        count += 1
    await asyncio.sleep(0.05)
    return (cpu_ms(pid) - before) / count


def asked(users: list[str], ask: Callable[[str, str], Awaitable[int]]) -> Iterator[Awaitable[int]]:
    """A question from each of these people."""
    return (ask(QUESTIONS[number % len(QUESTIONS)], user) for number, user in enumerate(users))


async def slack_round(number: int, slack: FakeSlack, bolt: Server, ours: Server, session: Any) -> dict[str, float]:
    """A workspace of its own for each round, or the limits of Slack would pace it."""
    to_bolt, to_us, team = SlackClient(bolt.address, session), SlackClient(ours.address, session), f"T{number}"
    users = [f"U{number}-{n}" for n in range(TURNS)]
    ask = lambda text, user: to_us.send_event(to_us.message(text, user, team))  # noqa: E731
    echo = await measure(bolt.pid, (to_bolt.send_event(to_bolt.message("hello", user)) for user in users), slack.next)
    first = await measure(ours.pid, asked(users, ask), slack.next)
    await asyncio.sleep(1.1)  # the limit of a chat
    question = await measure(ours.pid, asked(users, ask), slack.next)
    buttons = [
        (next(block for block in body["blocks"] if block["type"] == "actions")["elements"][0]["value"], body)
        for _, body in slack.calls[-TURNS:]
    ]
    taps = (to_us.interact(to_us.tap(value, body["ts"], body["channel"][1:], team=team)) for value, body in buttons)
    return {"echo": echo, "first": first, "question": question, "button": await measure(ours.pid, taps, slack.next)}


async def teams_round(number: int, teams: FakeTeams, theirs: Server, ours: Server, session: Any) -> dict[str, float]:
    to_them, to_us = TeamsClient(theirs.address, teams, session), TeamsClient(ours.address, teams, session)
    bearer = teams.bearer()
    users = [f"V{number}-{n}" for n in range(TURNS)]
    tenant = dict(zip(users, tenants(TURNS), strict=True))  # one each, or the limit of a tenant would pace the round
    ask = lambda text, user: to_us.post(to_us.message(text, user, tenant=tenant[user]), bearer)  # noqa: E731
    echo = await measure(theirs.pid, (to_them.post(to_them.message("hello", user), bearer) for user in users), teams.next)
    await measure(ours.pid, asked(users, ask), teams.next)
    question = await measure(ours.pid, asked(users, ask), teams.next)
    cards = [(next(iter(actions_of(card_of(body)).values())), body["id"]) for _, _, body in teams.calls[-TURNS:]]
    taps = (
        to_us.post(to_us.tap(data, card, user, tenant=tenant[user]), bearer)
        for (data, card), user in zip(cards, users, strict=True)
    )
    return {"their_echo": echo, "their_question": question, "their_button": await measure(ours.pid, taps, teams.next)}


async def main() -> None:
    slack, teams = FakeSlack(), FakeTeams()
    await slack.start()
    await teams.start()
    pem = entra.certificate(Path(tempfile.mkdtemp()))
    teams.tokens.add("token-0")
    authority, runner = await entra.start(pem, "token-0")
    to_entra = {"BENCH_AUTHORITY": authority, "REQUESTS_CA_BUNDLE": str(pem)}
    async with (
        aiohttp.ClientSession() as session,
        server("bolt", slack, teams) as bolt,
        server("botbuilder", slack, teams, **to_entra) as botbuilder,
        server("doorstep", slack, teams) as ours,
    ):
        taken: dict[str, list[float]] = {name: [] for name in LABELS}
        for number in range(ROUNDS + 1):
            figures = await slack_round(number, slack, bolt, ours, session)
            figures |= await teams_round(number, teams, botbuilder, ours, session)
            if number:  # the first round warms up
                for name, figure in figures.items():
                    taken[name].append(figure)
        report(taken, {"Bolt": bolt, "botbuilder": botbuilder, "Doorstep": ours})
        assert slack.faults + teams.faults == []
    await slack.stop()
    await teams.stop()
    await runner.cleanup()


SLOW = ("Ab ", "Mary ", "12", "x", "a.", "key safe ", "he hits ", "has had with ")


def guard_ms() -> tuple[float, float]:
    """CPU of the privacy guard, which runs before the acknowledgement: on a question, and on the worst of 4,000 characters."""
    guard = Guard(guard_words())

    def cost(text: str, times: int) -> float:
        before = time.process_time()
        for _ in range(times):
            guard.clean(text)
        return (time.process_time() - before) * 1000 / times

    return statistics.mean(cost(text, 50) for text in QUESTIONS), max(cost(part * (4_000 // len(part)), 1) for part in SLOW)


def report(taken: dict[str, list[float]], servers: dict[str, Server]) -> None:
    print(f"CPU of the server for each turn, median of {ROUNDS} rounds of {TURNS} (lowest to highest):")
    for name, label in LABELS.items():
        line = f"  {label:42} {statistics.median(taken[name]):6.2f} ms ({min(taken[name]):.2f} to {max(taken[name]):.2f})"
        if name in AIMS:
            beside, aim = AIMS[name]
            ratio = statistics.median(a / b for a, b in zip(taken[name], taken[beside], strict=True))
            line += f"   {ratio:.2f} times {beside.replace('_', ' ')}; the aim is at most {aim:.2f}: "
            line += "met" if ratio <= aim else "MISSED"
        print(line)
    ordinary, worst = guard_ms()
    print(f"Privacy guard:           {ordinary:.2f} ms for a question, {worst:.0f} ms for 4,000 characters made to be slow")
    print("Start until it listens:  " + ", ".join(f"{name} {one.start:.2f} s" for name, one in servers.items()))
    print("Resident memory:         " + ", ".join(f"{name} {memory_mb(one.pid):.0f} MB" for name, one in servers.items()))


if __name__ == "__main__":
    asyncio.run(main())
    reading.main()
