"""Runs the comparison and prints it. Figures are CPU milliseconds of the server for each turn, the median of the rounds.

Wall-clock time on a shared machine says little; CPU time does, and the ratio to Bolt's echo in the same run says most. The
servers take turns, round by round, so that a busy neighbour hits both.
"""

import asyncio
import os
import statistics
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.fakes.slack import FakeSlack, SlackClient

ROOT = Path(__file__).parents[1]
ROUNDS, TURNS = 9, 28  # two questions each stay within a workspace's burst
LABELS = {
    "echo": "Bolt, echo, one shared session",
    "first": "Doorstep, a person's first question",
    "question": "Doorstep, question",
    "button": "Doorstep, button",
}
AIMS = {"button": 4.0, "question": 8.0}
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
async def server(kind: str, slack: FakeSlack) -> Any:
    started = time.perf_counter()
    command = [sys.executable, "-m", "bench.servers", kind, slack.url]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    assert process.stdout
    port = int(await process.stdout.readline())
    yield process.pid, f"http://127.0.0.1:{port}", time.perf_counter() - started
    process.kill()
    await process.wait()


async def turns(client: SlackClient, slack: FakeSlack, pid: int, payloads: list[Any]) -> float:
    """CPU for each of these turns, one after the other; a turn is over when its message has arrived."""
    before = cpu_ms(pid)
    for payload in payloads:
        send = client.interact if payload["type"] == "block_actions" else client.send_event
        assert await send(payload) == 200
        await slack.next()
    await asyncio.sleep(0.05)
    return (cpu_ms(pid) - before) / len(payloads)


def asked(client: SlackClient, users: list[str], team: str) -> list[Any]:
    """A question from each of these people."""
    return [client.message(QUESTIONS[number % len(QUESTIONS)], user, team) for number, user in enumerate(users)]


async def main() -> None:
    slack = FakeSlack()
    await slack.start()
    async with aiohttp.ClientSession() as session, server("bolt", slack) as bolt, server("doorstep", slack) as ours:
        people = iter(range(10**9))
        to_bolt, to_us = SlackClient(bolt[1], session), SlackClient(ours[1], session)
        taken: dict[str, list[float]] = {name: [] for name in LABELS}
        for number in range(ROUNDS + 1):
            echo = await turns(to_bolt, slack, bolt[0], [to_bolt.message("hello", f"U{next(people)}") for _ in range(TURNS)])
            users = [f"U{next(people)}" for _ in range(TURNS)]
            team = f"T{number}"  # a workspace of its own, or the limits of Slack would pace the round
            first = await turns(to_us, slack, ours[0], asked(to_us, users, team))
            await asyncio.sleep(1.1)  # the limit of a chat
            question = await turns(to_us, slack, ours[0], asked(to_us, users, team))
            taps = []
            for _, body in slack.calls[-TURNS:]:
                button = next(block for block in body["blocks"] if block["type"] == "actions")["elements"][0]
                taps.append(to_us.tap(button["value"], body["ts"], body["channel"][1:], team=team))
            button = await turns(to_us, slack, ours[0], taps)
            if number:  # the first round warms up
                for name, figure in zip(LABELS, (echo, first, question, button), strict=True):
                    taken[name].append(figure)
        report(taken, bolt, ours)
        assert slack.faults == [], slack.faults
    await slack.stop()


def report(taken: dict[str, list[float]], bolt: Any, ours: Any) -> None:
    middle = {name: statistics.median(figures) for name, figures in taken.items()}
    ratios = {name: [a / b for a, b in zip(taken[name], taken["echo"], strict=True)] for name in AIMS}
    print(f"CPU of the server for each turn, median of {ROUNDS} rounds of {TURNS} (lowest to highest):")
    for name, label in LABELS.items():
        line = f"  {label:36} {middle[name]:6.2f} ms ({min(taken[name]):.2f} to {max(taken[name]):.2f})"
        if name in AIMS:
            ratio = statistics.median(ratios[name])
            verdict = "met" if ratio <= AIMS[name] else "MISSED"
            line += f"   {ratio:.1f} times the echo; the aim is at most {AIMS[name]:g}: {verdict}"
        print(line)
    print(f"Start until it listens:  Bolt {bolt[2]:.2f} s, Doorstep {ours[2]:.2f} s (with migration and learning the pack)")
    print(f"Resident memory:         Bolt {memory_mb(bolt[0]):.0f} MB, Doorstep {memory_mb(ours[0]):.0f} MB")


if __name__ == "__main__":
    asyncio.run(main())
