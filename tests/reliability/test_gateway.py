"""The gateway under strain: order, failures inside a turn, and a database that is away."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.settings import Settings
from adapters.wiring import House, build
from bot import engine as engine_module
from bot.desk import Desk
from bot.engine import Engine
from bot.skills.vocabulary import Answer
from storage import inbox, letters
from storage.errors import StorageDown
from tests.conftest import Clock
from tests.fakes.slack import SECRET, TOKEN, FakeSlack, SlackClient
from tests.talk import SlackTalk


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A skill that raises as long as the list holds something."""
    faults = ["broken"]
    real = engine_module.HANDLERS["culture"]

    def culture(desk: Desk, args: tuple[str, ...]) -> Answer:
        if faults:
            raise RuntimeError("a bug")
        return real(desk, args)

    monkeypatch.setitem(engine_module.HANDLERS, "culture", culture)
    return faults


async def test_twenty_messages_of_a_chat_are_answered_in_their_order(
    slack: FakeSlack, client: SlackClient, house: House
) -> None:
    ids = [f"RR{n}" for n in range(1, 7)] + [f"EE{n}" for n in range(1, 6)] + [f"CE{n}" for n in range(1, 6)]
    for number, identity in enumerate(ids):
        assert await client.send_event(client.message(identity, ts=f"1.{number:06d}")) == 200
    await asyncio.sleep(1.0)
    done = inbox.inbox.select().order_by(inbox.inbox.c.done_at, inbox.inbox.c.id)
    rows = await house.store.run(lambda c: c.execute(done).all())
    assert [row.state for row in rows] == ["done"] * len(ids)
    assert [row.id for row in rows] == sorted(row.id for row in rows)


async def test_fifty_people_at_once_all_get_their_own_answer(slack: FakeSlack, client: SlackClient, house: House) -> None:
    payloads = [client.message(f"RR{n % 6 + 1}", user=f"U{n}") for n in range(50)]
    await asyncio.gather(*(client.send_event(payload) for payload in payloads))
    for _ in range(50):
        await slack.next(30)
    answers = {body["channel"]: body["text"][:3] for body in slack.sent()}
    assert answers == {f"DU{n}": f"RR{n % 6 + 1}" for n in range(50)}


async def test_a_turn_that_raises_is_tried_again_and_then_answered(
    slack: FakeSlack, client: SlackClient, house: House, clock: Clock, broken: list[str]
) -> None:
    await client.send_event(client.message("culture"))
    await asyncio.sleep(0.3)
    assert slack.calls == []
    await client.send_event(client.message("RR1"))
    assert "RR1" in (await slack.next())[1]["text"], "one bad turn doesn't hold up the next"
    broken.clear()
    await asyncio.sleep(0.2)
    clock.move(seconds=10)
    await house.gateway.sweep()
    assert "The thread" in (await slack.next())[1]["text"]


async def test_a_turn_that_keeps_raising_is_kept_the_person_told_and_an_admin_can_retry(
    slack: FakeSlack, client: SlackClient, house: House, clock: Clock, broken: list[str]
) -> None:
    await client.send_event(client.message("culture"))
    for _ in range(5):
        await asyncio.sleep(0.2)
        clock.move(seconds=200)
        await house.gateway.sweep()
    assert "Your message is kept" in (await slack.next())[1]["text"]
    found = await house.store.run(letters.every_dead)
    assert [letter.reason for letter in found] == ["RuntimeError"]
    broken.clear()
    await house.store.run(lambda c: letters.retry(c, None, found[0].id, clock()))
    clock.move(seconds=10)
    await house.gateway.sweep()
    assert "The thread" in (await slack.next())[1]["text"]


async def test_a_danger_is_answered_even_when_the_records_cant_be_read(
    slack: FakeSlack, client: SlackClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr("storage.people.read", fail)
    await client.send_event(client.message("smell gas in the hallway"))
    assert "0800 111 999" in (await slack.next())[1]["text"]


async def test_with_the_database_away_slack_is_told_to_resend_and_a_danger_gets_its_card_once(
    slack: FakeSlack, client: SlackClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> Any:
        raise StorageDown("gone")

    monkeypatch.setattr(house.store, "transact", down)
    assert await client.send_event(client.message("RR1")) == 503
    payload = client.message("smell gas in the hallway")
    assert [await client.send_event(payload) for _ in range(3)] == [503, 503, 503]
    _, body = await slack.next()
    assert "0800 111 999" in body["text"]
    assert "couldn't save your message" in body["text"]
    await asyncio.sleep(0.2)
    assert len(slack.calls) == 1
    monkeypatch.undo()
    assert await client.send_event(client.message("RR1")) == 200
    assert "RR1" in (await slack.next())[1]["text"]


async def test_state_survives_a_restart(database: str, slack: FakeSlack, engine: Engine, session: Any, clock: Clock) -> None:
    from adapters.http import Server, make_app

    async def start() -> tuple[House, Server, SlackTalk]:
        settings = Settings(
            _env_file=None,
            database_url=database,
            slack_bot_token=TOKEN,
            slack_signing_secret=SECRET,
            slack_api_url=slack.url,
        )
        house = await build(settings, engine=engine, clock=clock)
        server = Server(make_app(house), "127.0.0.1", 0)
        await server.start()
        client = SlackClient(f"http://127.0.0.1:{server.port}", session)
        return house, server, SlackTalk(slack, client, lambda: clock.move(seconds=3))

    house, server, talk = await start()
    card = await talk.say("RR2")
    await talk.say("ask a trainer")
    await server.stop()
    await house.close()
    house, server, talk = await start()
    assert (await talk.say("may we play music")).title == "Kept for a trainer"
    assert "Take cash or gifts" in (await talk.tap("More", on=card)).text
    await server.stop()
    await house.close()


async def test_what_was_said_is_blanked_once_its_turn_is_done(client: SlackClient, slack: FakeSlack, house: House) -> None:
    await client.send_event(client.message("who won the zebra match"))
    await slack.next()
    await asyncio.sleep(0.2)
    rows = await house.store.run(lambda c: c.execute(inbox.inbox.select()).all())
    assert [(row.state, row.turn) for row in rows] == [("done", None)]


async def test_old_rows_are_tidied_and_recent_ones_kept(
    client: SlackClient, slack: FakeSlack, house: House, clock: Clock
) -> None:
    await client.send_event(client.message("RR1"))
    await slack.next()
    await asyncio.sleep(0.2)
    now = datetime.now(UTC)
    assert await house.store.run(lambda c: inbox.forget(c, now)) == 0
    clock.move(days=31)
    assert await house.store.run(lambda c: inbox.forget(c, clock())) == 1
