"""The day's picture in a channel: what everybody there may see, nothing to tap, edited as the day goes on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.wiring import House
from storage import people
from storage.people import contracts
from storage.store import Connection
from tests.conftest import Clock
from tests.fakes.slack import FakeSlack, SlackClient
from tests.fakes.teams import FakeTeams
from tests.scenario.test_people import become, north, person, platform

__all__ = ["north", "person", "platform"]
CHANNELS = {"slack": "C9", "teams": "19:gang@thread.tacv2"}


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.ahead = datetime(2026, 11, 24, 16, 20, tzinfo=UTC) - datetime.now(UTC)
    return clock


def said(platform: str, slack: FakeSlack, teams: FakeTeams) -> list[dict[str, Any]]:
    """What was said in the channel, as its platform got it."""
    if platform == "slack":
        return [body for _, body in slack.calls if body.get("channel") == CHANNELS["slack"]]
    return [{"method": method, **body} for method, chat, body in teams.calls if chat == CHANNELS["teams"]]


async def test_the_channel_gets_what_everybody_may_see(
    north: Any, person: Any, platform: str, house: House, clock: Clock, slack: FakeSlack, teams: FakeTeams
) -> None:
    ann, boss = person("U1"), person("U2")
    for one in (ann, boss):
        await one.say(f"team {north['teams'][0]}")
    await become(house, north, boss, "supervisor", "admin")
    assert "in the channel" in (await boss.say("set summary channel here")).text
    await boss.say(f"set summary channel to {CHANNELS[platform]}")
    assert CHANNELS[platform] in (await boss.say("contract")).text
    await ann.say("log mould flat 12 Orchard Court")
    await ann.say("log our plasterer was rude and swore at the lady at 12 Elm Court")
    clock.move(minutes=12)
    await house.worker.go_round()
    while "All open" not in (mine := await boss.hear()).buttons:
        pass
    while not (shown := said(platform, slack, teams)):
        await boss.hear()
    assert mine.title.startswith("Tue 24 Nov: 2 in, 0 closed, 2 open")
    assert len(shown) == 1
    assert "Tue 24 Nov: 1 in, 0 closed, 1 open" in str(shown)
    assert "Conduct" not in str(shown)
    assert "Action.Submit" not in str(shown)
    assert "button" not in str(shown)
    await ann.say("log gutter down at 14 Elm Court")
    clock.move(minutes=16)
    await house.worker.go_round()
    while len(shown := said(platform, slack, teams)) < 2:
        await boss.hear()
    assert "2 in, 0 closed, 2 open" in str(shown[1])
    assert shown[1].get("ts") or shown[1]["method"] == "PUT"
    await boss.say("set summary channel off")
    clock.move(days=1)
    await house.worker.go_round()
    assert len(said(platform, slack, teams)) == 2


@pytest.mark.parametrize("platform", ["slack"], indirect=True)
async def test_here_is_the_channel_it_is_said_in(
    north: Any, person: Any, house: House, slack: FakeSlack, client: SlackClient
) -> None:
    boss = person("U2")
    await boss.say(f"team {north['teams'][0]}")
    await become(house, north, boss, "supervisor", "admin")
    await client.send_event(client.mention("set summary channel here", "U2", "C7"))
    await slack.next()

    def kept(connection: Connection) -> Any:
        return connection.execute(contracts.select()).one().settings["summary_channel"]

    assert await house.store.run(kept) == "C7"


async def test_a_channel_that_kept_us_out_is_tried_again_the_next_time(
    north: Any, person: Any, platform: str, house: House, clock: Clock, slack: FakeSlack, teams: FakeTeams
) -> None:
    boss = person("U2")
    await boss.say(f"team {north['teams'][0]}")
    code = await become(house, north, boss, "supervisor", "admin")
    await boss.say(f"set summary channel to {CHANNELS[platform]}")

    def shut(connection: Connection) -> None:
        place, _ = people.reach_channel(connection, north["tenant"], CHANNELS[platform], code, clock()) or (None, None)
        assert place
        people.block(connection, place.conversation_id, "not_in_channel")

    await house.store.run(shut)
    clock.move(minutes=12)
    await house.worker.go_round()
    while not said(platform, slack, teams):
        await boss.hear()
