"""What the outbox does when Teams limits, fails, refuses or forgets; and that nothing of Microsoft's holds up the loop."""

import asyncio
import gc
import time
from typing import Any

import pytest
from botbuilder.core import TurnContext
from botbuilder.schema import Activity, ConversationAccount, ConversationReference

from adapters.errors import MessageGone, Misconfigured
from adapters.teams.handler import ConnectorAdapter
from adapters.wiring import House
from tests.conftest import Clock
from tests.fakes.slack import FakeSlack, SlackClient
from tests.fakes.teams import FakeTeams, TeamsClient, actions_of, card_of
from tests.reliability.test_delivery import states, sweep


@pytest.mark.parametrize("after", [2, None])
async def test_a_rate_limit_pauses_and_then_the_message_leaves(
    teams: FakeTeams, teams_client: TeamsClient, house: House, clock: Clock, after: float | None
) -> None:
    teams.fail((429, after))
    await teams_client.post(teams_client.message("RR1"))
    await asyncio.sleep(0.3)
    assert len(teams.refused) == 1
    await sweep(house, clock, 0.5)
    assert teams.sent() == [], "nothing leaves before the pause is over"
    await sweep(house, clock, 8)
    assert len(teams.sent()) == 1
    assert await states(house) == ["sent"]


@pytest.mark.parametrize("failure", [500, 502, 503, 504, 412, "drop", (404, "ConversationNotFound")])
async def test_what_may_pass_is_tried_again(
    teams: FakeTeams, teams_client: TeamsClient, house: House, clock: Clock, failure: Any
) -> None:
    teams.fail(failure)
    await teams_client.post(teams_client.message("RR1"))
    await asyncio.sleep(0.3)
    await sweep(house, clock)
    assert len(teams.sent()) == 1
    assert await states(house) == ["sent"]


@pytest.mark.parametrize("code", ["MessageWritesBlocked", "BotNotInConversationRoster", "ConversationBlockedByUser"])
async def test_somebody_who_blocked_the_bot_is_left_alone_until_they_write(
    teams: FakeTeams, teams_client: TeamsClient, house: House, code: str
) -> None:
    teams.fail((403, code))
    await teams_client.post(teams_client.message("RR1"))
    await asyncio.sleep(0.4)
    assert await states(house) == ["suppressed"]
    await teams_client.post(teams_client.message("RR2"))
    assert (await teams.next())[2]["summary"].startswith("RR2")


async def test_a_refused_card_is_sent_plainer_and_then_as_text(teams: FakeTeams, teams_client: TeamsClient) -> None:
    teams.fail((400, "BadSyntax"), (413, "MessageSizeTooBig"))
    await teams_client.post(teams_client.message("RR1"))
    _, _, body = await teams.next()
    assert "attachments" not in body
    assert "Type: 1 More" in body["text"]
    teams.fail((400, "BadSyntax"))
    await teams_client.post(teams_client.message("RR2", "U2"))
    _, _, body = await teams.next()
    kinds = {part["type"] for part in card_of(body)["body"]}
    assert kinds == {"TextBlock", "ActionSet"}


async def test_a_card_that_was_deleted_is_sent_anew(teams: FakeTeams, teams_client: TeamsClient) -> None:
    await teams_client.post(teams_client.message("RR1"))
    _, _, body = await teams.next()
    teams.messages.clear()
    await teams_client.post(teams_client.tap(actions_of(card_of(body))["More"], body["id"]))
    method, _, again = await teams.next()
    assert method == "POST"
    assert "RR1" in again["summary"]


async def test_a_token_that_is_no_longer_taken_is_renewed(teams: FakeTeams, teams_client: TeamsClient) -> None:
    await teams_client.post(teams_client.message("RR1"))
    await teams.next()
    teams.tokens.clear()
    await teams_client.post(teams_client.message("RR2"))
    await teams.next()
    assert teams.fetches["token"] == 2


async def test_a_token_is_renewed_before_it_ends(teams: FakeTeams, teams_client: TeamsClient) -> None:
    teams.token_life = 60
    for text in ("RR1", "RR2"):
        await teams_client.post(teams_client.message(text))
        await teams.next()
        await asyncio.sleep(0.2)
    assert teams.fetches["token"] >= 2
    assert teams.refused == []


async def test_a_wrong_password_is_named_and_kept_for_the_operator(
    teams: FakeTeams, teams_client: TeamsClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert house.teams
    monkeypatch.setitem(house.teams._teams.entra._form, "client_secret", "the secret's id")
    assert "MICROSOFT_APP_PASSWORD (invalid_client)" in (await house.teams.check() or "")
    await teams_client.post(teams_client.message("RR1"))
    await asyncio.sleep(0.4)
    assert await states(house) == ["dead"]


async def test_no_more_leaves_for_a_chat_than_teams_allows(teams: FakeTeams, teams_client: TeamsClient, house: House) -> None:
    for number in range(12):
        await teams_client.post(teams_client.message(f"RR{number % 6 + 1}"))
        if number < 6:
            await teams.next()
    await asyncio.sleep(0.5)
    assert len(teams.calls) <= 7


async def test_the_connector_can_do_all_that_botbuilder_asks_of_it(teams: FakeTeams, house: House) -> None:
    assert house.teams
    connector = house.teams._teams.connector
    members = await connector.members(teams.service_url, "19:g@thread.v2")
    assert [member["aadObjectId"] for member in members] == ["aad-0", "aad-1", "aad-2"]
    adapter = ConnectorAdapter(connector)
    where = {"service_url": teams.service_url, "conversation": ConversationAccount(id="a:U1")}
    said = Activity(type="message", text="hello", summary="hello", **where)
    context = TurnContext(adapter, said)
    (response,) = await adapter.send_activities(context, [said])
    said.id = response.id
    await adapter.update_activity(context, said)
    await adapter.delete_activity(context, ConversationReference(activity_id=response.id, **where))
    assert [method for method, _, _ in teams.calls] == ["POST", "PUT", "DELETE"]
    with pytest.raises(MessageGone):
        await connector.update(teams.service_url, "a:U1", "nothing", {"type": "message", "summary": "x", "text": "x"})
    with pytest.raises(Misconfigured):
        await connector.send("https://evil.example.com", "a:U1", {})


@pytest.mark.alone
async def test_slow_neighbours_never_hold_up_the_loop(
    teams: FakeTeams, teams_client: TeamsClient, slack: FakeSlack, client: SlackClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow issuer, Entra and connector: Slack is answered meanwhile, and no step of the loop takes 50 ms of its
    CPU or waits for any of them. (A step that waits would take their 400 ms; a busy machine alone may take some, so 250.)"""
    monkeypatch.setattr("tests.fakes.teams.faults_of", lambda _: [])  # the fake checks cards on the same loop: not our step
    gc.collect()
    gc.freeze()  # nor is walking what hundreds of tests before left behind
    teams.slow = 0.4
    busiest = longest = 0.0
    step = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        nonlocal busiest, longest
        began, cpu = time.monotonic(), time.thread_time()
        step(handle)
        busiest = max(busiest, time.thread_time() - cpu)
        longest = max(longest, time.monotonic() - began)

    monkeypatch.setattr(asyncio.Handle, "_run", timed)
    sends = [asyncio.create_task(teams_client.post(teams_client.message("RR1", f"U{n}"))) for n in range(10)]
    started = time.monotonic()
    await client.send_event(client.message("RR4"))
    await slack.next()
    assert time.monotonic() - started < 0.75, "Slack doesn't wait for Teams' keys"
    assert await asyncio.gather(*sends) == [200] * 10
    for _ in range(10):
        await teams.next()
    assert busiest < 0.05
    assert longest < 0.25


async def test_an_invoke_is_answered_in_three_seconds_even_when_storage_is_slow(
    teams: FakeTeams, teams_client: TeamsClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await teams_client.post(teams_client.message("help"))
    _, _, body = await teams.next()
    opener = actions_of(card_of(body))["Ask a trainer"]
    run = house.store.run

    async def slow(work: Any) -> Any:
        await asyncio.sleep(3.2)
        return await run(work)

    monkeypatch.setattr(house.store, "run", slow)
    started = time.monotonic()
    assert await teams_client.post(teams_client.invoke("task/fetch", {"data": opener})) == 200
    assert time.monotonic() - started < 3
    assert teams_client.answered()["task"]["type"] == "message"


async def test_an_invoke_waits_for_no_slow_issuer(teams: FakeTeams, teams_client: TeamsClient) -> None:
    teams.slow = 1.2
    started = time.monotonic()
    assert await teams_client.post(teams_client.invoke("task/fetch", {"data": {}})) == 503
    assert time.monotonic() - started < 3
    await asyncio.sleep(1.5)
    assert await teams_client.post(teams_client.invoke("task/fetch", {"data": {}})) == 200, "the fetch went on meanwhile"
    assert teams.fetches["keys"] == 1
