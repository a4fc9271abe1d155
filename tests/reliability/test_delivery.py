"""What the outbox does when a platform limits, fails, refuses or forgets; and a bag of late messages."""

import asyncio
from itertools import count
from typing import Any

import pytest

from adapters.telling import tell
from adapters.wiring import House
from bot.reply import Block, Card, Notice
from storage import letters, outbox
from storage.errors import StorageDown
from storage.outbox import LEASE
from tests.conftest import Clock
from tests.fakes.slack import FakeSlack, SlackClient
from tests.talk import SlackTalk


async def states(house: House) -> list[str]:
    return [row.state for row in await house.store.run(lambda c: c.execute(outbox.outbox.select().order_by("id")).all())]


async def sweep(house: House, clock: Clock, seconds: float = 5) -> None:
    clock.move(seconds=seconds)
    await house.gateway.sweep()
    await asyncio.sleep(0.2)


async def test_one_message_a_second_leaves_for_a_chat(slack: FakeSlack, client: SlackClient, house: House) -> None:
    await client.send_event(client.message("RR1"))
    await client.send_event(client.message("RR2"))
    await slack.next()
    await asyncio.sleep(0.3)
    assert len(slack.sent()) == 1
    await slack.next(3)
    assert [body["text"][:3] for body in slack.sent()] == ["RR1", "RR2"]


async def test_other_chats_dont_wait_for_a_busy_one(slack: FakeSlack, client: SlackClient) -> None:
    for user in ("U1", "U2", "U3"):
        await client.send_event(client.message("RR1", user))
    for _ in range(3):
        await slack.next(0.9)


async def test_a_bag_of_late_messages_is_folded_into_one_receipt(
    slack: FakeSlack, client: SlackClient, slack_talk: SlackTalk
) -> None:
    for text in ("RR1", "RR2", "can i vape in the garden", "how long have we got to answer a stage 1"):
        await client.send_event(client.message(text))
    assert "RR1" in (await slack_talk.hear()).title
    receipt = await slack_talk.hear()
    assert receipt.title == "Your last 3 messages, in one go"
    assert "RR2 · Treat the home" in receipt.text
    assert "Complaint stages" in receipt.text
    opened = await slack_talk.tap("Open RR2")
    assert "RR2 · Treat the home" in opened.title


async def test_a_danger_in_a_bag_overtakes_and_is_never_folded(slack: FakeSlack, client: SlackClient) -> None:
    for text in ("RR1", "RR2", "RR3", "RR4", "smell gas in the hallway"):
        await client.send_event(client.message(text))
    titles = [(await slack.next())[1]["text"].splitlines()[0] for _ in range(3)]
    assert titles[1] == "Gas: get everyone out"
    assert titles[2] == "Your last 3 messages, in one go"


@pytest.mark.parametrize("after", [2, None])
async def test_a_rate_limit_pauses_and_then_the_message_leaves(
    slack: FakeSlack, client: SlackClient, house: House, clock: Clock, after: float | None
) -> None:
    slack.fail("chat.postMessage", ("429", after), ("429", after))
    await client.send_event(client.message("RR1"))
    await asyncio.sleep(0.3)
    assert len(slack.refused) == 1
    await sweep(house, clock, 1)
    assert len(slack.refused) == 1, "nothing leaves before Retry-After is over"
    for _ in range(2):
        await sweep(house, clock, 12)
    assert len(slack.sent()) == 1
    assert await states(house) == ["sent"]


@pytest.mark.parametrize("failure", [500, 503, "drop", "fatal_error"])
async def test_an_unclear_failure_is_tried_again(
    slack: FakeSlack, client: SlackClient, house: House, clock: Clock, failure: Any
) -> None:
    slack.fail("chat.postMessage", failure)
    await client.send_event(client.message("RR1"))
    await asyncio.sleep(0.3)
    await sweep(house, clock)
    assert len(slack.sent()) == 1
    assert await states(house) == ["sent"]


@pytest.mark.parametrize(
    ("failure", "state"),
    [("accept then 500", "unsure"), ("fatal_error", "unsure"), (503, "sent"), (("429", 2), "sent"), (("429", None), "sent")],
)
async def test_what_goes_to_many_is_never_doubled_by_an_unclear_failure(
    slack: FakeSlack, client: SlackClient, house: House, clock: Clock, failure: Any, state: str
) -> None:
    await client.send_event(client.message("RR1"))
    await slack.next()
    slack.fail("chat.postMessage", failure)
    notice = Notice(1, "tip-1", Card("A tip", (Block("say", "Shoes off, or covers on."),), ()), once=True)
    await house.store.run(lambda c: tell(c, 1, notice, clock()))
    for _ in range(2):
        await sweep(house, clock)
    assert (await states(house))[-1] == state
    assert len(slack.sent()) == (1 if failure == "fatal_error" else 2)


async def test_a_failure_that_stays_becomes_a_dead_letter_that_can_be_sent_again(
    slack: FakeSlack, client: SlackClient, house: House, clock: Clock
) -> None:
    slack.fail("chat.postMessage", *[500] * 6)
    await client.send_event(client.message("RR1"))
    for _ in range(7):
        await sweep(house, clock, 700)
    assert await states(house) == ["dead"]
    assert (await house.store.run(letters.counts))["outbox_dead"] == 1
    await house.store.run(lambda c: letters.retry_unsent(c, clock()))
    await sweep(house, clock)
    assert await states(house) == ["sent"]


async def test_refused_blocks_are_sent_plainer_and_then_as_text(slack: FakeSlack, client: SlackClient, house: House) -> None:
    slack.fail("chat.postMessage", "invalid_blocks", "msg_blocks_too_long")
    await client.send_event(client.message("RR1"))
    _, body = await slack.next()
    assert body["blocks"] == []
    assert "Type: 1 More" in body["text"]
    slack.fail("chat.postMessage", "invalid_blocks")
    await client.send_event(client.message("RR2", user="U2"))
    _, body = await slack.next()
    assert {block["type"] for block in body["blocks"]} == {"header", "section", "context", "actions"}


async def test_somebody_who_left_is_not_written_to_again(
    slack: FakeSlack, client: SlackClient, house: House, clock: Clock
) -> None:
    slack.fail("chat.postMessage", "account_inactive")
    await client.send_event(client.message("RR1"))
    await asyncio.sleep(0.3)
    await sweep(house, clock, 700)
    assert await states(house) == ["suppressed"]
    assert slack.sent() == []


async def test_a_wrong_token_keeps_the_message_for_the_operator(slack: FakeSlack, client: SlackClient, house: House) -> None:
    slack.fail("chat.postMessage", "token_revoked")
    await client.send_event(client.message("RR1"))
    await asyncio.sleep(0.3)
    assert await states(house) == ["dead"]


async def test_a_deleted_message_is_sent_anew_when_its_card_changes(slack: FakeSlack, slack_talk: SlackTalk) -> None:
    card = await slack_talk.say("RR4")
    slack.messages.clear()
    heard = await slack_talk.tap("More", on=card)
    assert not heard.edited
    assert "Put names" in heard.text


async def test_a_lease_of_a_dead_process_runs_out(slack: FakeSlack, client: SlackClient, house: House, clock: Clock) -> None:
    slack.fail("chat.postMessage", ("429", 1))
    await client.send_event(client.message("RR1"))
    await asyncio.sleep(0.3)
    leased = outbox.outbox.update().values(state="sending", lease_until=clock() + LEASE)
    await house.store.run(lambda c: c.execute(leased).rowcount)
    await sweep(house, clock, 10)
    assert slack.sent() == []
    await sweep(house, clock, 31)
    assert len(slack.sent()) == 1


async def test_storage_that_fails_after_slack_took_it_makes_no_double(
    slack: FakeSlack, client: SlackClient, house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, calls = house.store.run, count(1)

    async def flaky(work: Any) -> Any:
        if next(calls) in (3, 4):  # the first keeps, the second takes the turn, the third notes what Slack accepted
            raise StorageDown("gone for a moment")
        return await run(work)

    monkeypatch.setattr(house.store, "run", flaky)
    await client.send_event(client.message("RR1"))
    await slack.next()
    await asyncio.sleep(1.6)
    monkeypatch.undo()
    assert await states(house) == ["sent"]
    await sweep(house, clock, 700)
    assert len(slack.sent()) == 1
