"""Slack's side of the contract: who is let in, what is answered, and what leaves."""

import asyncio
import hashlib
import hmac
import io
import json
import time
from typing import Any

import aiohttp
import pytest
from PIL import Image

from adapters.slack.inbound import plain_words
from adapters.wiring import House
from storage import photos
from tests.conftest import Clock
from tests.fakes.slack import FakeSlack, SlackClient
from tests.talk import SlackTalk

JSON = "application/json"


async def test_a_question_gets_one_card_in_the_chat_it_came_from(slack: FakeSlack, client: SlackClient) -> None:
    await client.send_event(client.message("what does the standard say about shoe covers"))
    method, body = await slack.next()
    assert method == "chat.postMessage"
    assert body["channel"] == "DU1"
    assert "RR2" in body["blocks"][0]["text"]["text"]
    assert "thread_ts" not in body


async def test_a_mention_is_answered_in_its_thread_without_the_mention(slack: FakeSlack, client: SlackClient) -> None:
    payload = client.mention("RR4")
    await client.send_event(payload)
    _, body = await slack.next()
    assert body["channel"] == "C1"
    assert body["thread_ts"] == payload["event"]["ts"]
    assert "RR4" in body["text"]


async def test_a_reply_in_a_thread_is_answered_there(slack: FakeSlack, client: SlackClient) -> None:
    await client.send_event(client.message("RR4", thread_ts="123.456"))
    assert (await slack.next())[1]["thread_ts"] == "123.456"


async def test_the_same_event_three_times_at_once_gives_one_answer(slack: FakeSlack, client: SlackClient) -> None:
    payload = client.message("RR4")
    sent = await asyncio.gather(*(client.send_event(payload, **{"X-Slack-Retry-Num": str(n)}) for n in range(3)))
    assert sent == [200, 200, 200]
    await slack.next()
    await client.send_event(payload)
    await asyncio.sleep(0.4)
    assert len(slack.sent()) == 1


async def test_one_message_under_two_event_ids_gives_one_answer(slack: FakeSlack, client: SlackClient) -> None:
    first = client.mention("RR4")
    await client.send_event(first)
    await client.send_event({**first, "event_id": "EvOther"})
    await slack.next()
    await asyncio.sleep(0.4)
    assert len(slack.sent()) == 1


async def test_a_double_tap_changes_the_card_once(slack: FakeSlack, client: SlackClient, slack_talk: SlackTalk) -> None:
    card = await slack_talk.say("RR4")
    tap = card.buttons["More"]
    await asyncio.gather(*(client.interact(client.tap(tap, card.message)) for _ in range(2)))
    await slack.next()
    await asyncio.sleep(0.4)
    assert len(slack.sent("chat.update")) == 1


async def test_a_tap_on_an_old_rendering_shows_where_the_card_is_now(slack_talk: SlackTalk) -> None:
    first = await slack_talk.say("RR4")
    await slack_talk.tap("More", on=first)
    heard = await slack_talk.tap("Say it", on=first)
    assert "That card had moved on" in heard.text
    assert "Put names, health or key-safe codes in chat" in heard.text


async def test_another_person_tapping_gets_a_card_of_their_own(slack: FakeSlack, client: SlackClient, clock: Clock) -> None:
    await client.send_event(client.mention("RR4"))
    _, body = await slack.next()
    value = body["blocks"][-2]["elements"][0]["value"]
    clock.move(seconds=3)
    await client.interact(client.tap(value, body["ts"], user="U2", channel="C1"))
    method, answer = await slack.next()
    assert method == "chat.postMessage"
    assert "RR4" in answer["text"]


async def test_a_card_of_another_workspace_cannot_be_tapped(
    slack: FakeSlack, client: SlackClient, slack_talk: SlackTalk
) -> None:
    card = await slack_talk.say("RR4")
    stolen = client.tap(card.buttons["More"], card.message, user="U9")
    stolen["team"] = {"id": "T2"}
    await client.interact(stolen)
    _, body = await slack.next()
    assert "can't find that card" in body["text"]


@pytest.mark.parametrize("where", ["response_url", "ephemeral", "dm"])
async def test_a_slash_command_is_answered_for_that_person_only(slack: FakeSlack, client: SlackClient, where: str) -> None:
    link = slack.private_url + "1" if where == "response_url" else "https://hooks.example.com/x"
    if where == "dm":
        slack.fail("chat.postEphemeral", "not_in_channel")
    assert await client.command("shoe covers", response_url=link) == 200
    method, body = await slack.next()
    assert method == {"response_url": "response_url", "ephemeral": "chat.postEphemeral", "dm": "chat.postMessage"}[where]
    assert "RR2" in body["text"]


async def test_a_bare_slash_command_shows_the_themes(slack: FakeSlack, client: SlackClient) -> None:
    await client.command("", response_url=slack.private_url + "1")
    assert "26 standards" in (await slack.next())[1]["text"]


async def test_the_home_screen_is_published_and_its_buttons_answer_in_the_chat(
    slack: FakeSlack, client: SlackClient, clock: Clock
) -> None:
    await client.send_event(client.event({"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "DU1"}))
    method, body = await slack.next()
    assert method == "views.publish"
    button = next(block for block in body["view"]["blocks"] if block["type"] == "actions")["elements"][2]
    for _ in range(2):  # the same button works again and again
        clock.move(seconds=3)
        tap = client.tap(button["value"], "", type="view")
        tap["container"] = {"type": "view", "view_id": "V1"}
        del tap["channel"]
        await client.interact(tap)
        method, body = await slack.next()
        assert method == "chat.postMessage"
        assert body["text"].startswith("Respects Residents")


async def test_after_uninstall_nothing_is_sent_and_a_new_install_revives(
    slack: FakeSlack, client: SlackClient, clock: Clock, house: House
) -> None:
    await client.send_event(client.message("hello"))
    await slack.next()
    removal = client.event({"type": "app_uninstalled"})
    await client.send_event(removal)
    await client.send_event(client.event({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}}))
    await asyncio.sleep(0.3)
    late = client.message("RR4")
    late["event_time"] = removal["event_time"] - 5
    await client.send_event(late)
    await asyncio.sleep(0.4)
    assert len(slack.sent()) == 1
    clock.move(seconds=10)
    back = client.message("RR4")
    back["event_time"] = removal["event_time"] + 10
    await client.send_event(back)
    assert "RR4" in (await slack.next())[1]["text"]


class TestTheDoor:
    async def test_slacks_handshake_is_answered(self, client: SlackClient) -> None:
        assert await client.send_event({"type": "url_verification", "challenge": "abc", "token": "x"}) == 200
        assert "abc" in client.body

    @pytest.mark.parametrize(
        ("change", "value"),
        [
            ("X-Slack-Signature", None),
            ("X-Slack-Signature", "v0=" + "0" * 64),
            ("X-Slack-Signature", "v0=snö"),
            ("X-Slack-Signature", "nonsense"),
            ("X-Slack-Request-Timestamp", None),
            ("X-Slack-Request-Timestamp", "soon"),
            ("X-Slack-Request-Timestamp", "1"),
            ("X-Slack-Request-Timestamp", "9" * 30),
        ],
    )
    async def test_what_isnt_signed_properly_gets_401(
        self, house: House, client: SlackClient, session: aiohttp.ClientSession, change: str, value: str | None
    ) -> None:
        body = json.dumps(client.message("RR4")).encode()
        headers = client.headers(body, JSON)
        if value is None:
            del headers[change]
        else:
            headers[change] = value
        async with session.post(f"{client.address}/slack/events", data=body, headers=headers) as answer:
            assert answer.status == 401

    async def test_a_stale_or_changed_request_gets_401(self, client: SlackClient, session: aiohttp.ClientSession) -> None:
        body = json.dumps(client.message("RR4")).encode()
        for headers, sent in (
            (client.headers(body, JSON, at=time.time() - 400), body),
            (client.headers(body, JSON, at=time.time() + 400), body),
            (client.headers(body, JSON), body + b" "),
            (client.headers(body, JSON, secret="other"), body),
        ):
            async with session.post(f"{client.address}/slack/events", data=sent, headers=headers) as answer:
                assert answer.status == 401

    @pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"7", b"null", b'"x"', b""])
    async def test_signed_rubbish_is_never_a_500(self, client: SlackClient, body: bytes) -> None:
        assert await client.post(body, JSON) in (200, 400, 401)

    @pytest.mark.parametrize("body", [b"payload=", b"payload=%7B", b"payload=[]", b"a=b", b"payload={}", b"command=/standards"])
    async def test_signed_forms_with_holes_are_never_a_500(self, client: SlackClient, body: bytes) -> None:
        assert await client.post(body, "application/x-www-form-urlencoded") in (200, 400)

    @pytest.mark.parametrize(
        "event",
        [
            {"type": "team_join", "user": {}},
            {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "x"},
            {"type": "message", "channel_type": "channel", "channel": "C1", "user": "U1", "text": "RR4", "ts": "1.1"},
            {"type": "message", "channel_type": "im", "subtype": "message_changed", "channel": "D1", "ts": "1.1"},
            {
                "type": "message",
                "channel_type": "im",
                "bot_id": "B1",
                "user": "U1",
                "channel": "D1",
                "ts": "1.1",
                "text": "RR4",
            },
            {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}},
        ],
    )
    async def test_what_isnt_for_us_gets_200_and_no_answer(self, slack: FakeSlack, client: SlackClient, event: dict) -> None:
        assert await client.send_event(client.event(event)) == 200
        await asyncio.sleep(0.2)
        assert slack.calls == []

    async def test_unknown_interactions_get_200(self, client: SlackClient) -> None:
        for kind in ("view_submission", "view_closed", "shortcut", "message_action", "block_suggestion"):
            assert await client.interact({"type": kind, "team": {"id": "T1"}, "user": {"id": "U1"}}) == 200

    async def test_a_body_past_the_limit_is_refused(self, client: SlackClient) -> None:
        assert await client.post(b"x" * (5 * 1024 * 1024), JSON) == 413

    async def test_nothing_of_a_body_is_logged(self, client: SlackClient, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("DEBUG")
        marked = client.message("secretword RR4")
        await client.send_event(marked)
        marked["event"].pop("channel")
        marked["event_id"] = "EvBroken"
        await client.send_event(marked)
        body = json.dumps(marked).encode()
        digest = hmac.new(b"wrong", body, hashlib.sha256).hexdigest()
        await client.post(body, JSON, **{"X-Slack-Signature": f"v0={digest}"})
        assert "secretword" not in caplog.text


def test_slacks_markup_becomes_what_the_person_typed() -> None:
    assert plain_words("<@U123> is it &lt;ok&gt; &amp; <https://example.com|this link> <#C1|general>") == (
        "is it <ok> & this link general"
    )


async def photo_message(slack: FakeSlack, client: SlackClient, url: str, text: str = "") -> str:
    file = {"mimetype": "image/jpeg", "url_private_download": url}
    await client.send_event(
        client.message(text, subtype="file_share", files=[file, {"mimetype": "application/pdf", "url_private": url}])
    )
    return (await slack.next())[1]["text"]


async def test_a_photo_is_fetched_with_the_token_and_kept(slack: FakeSlack, client: SlackClient, house: House) -> None:
    out = io.BytesIO()
    Image.new("RGB", (50, 20), "red").save(out, "PNG")
    slack.files["a.png"] = out.getvalue()
    address = slack.url.replace("/api/", "/files/a.png")
    assert (await photo_message(slack, client, address)).startswith("Photos kept: 1")
    rows = await house.store.run(lambda c: c.execute(photos.photos.select()).all())
    assert [(row.width, row.height) for row in rows] == [(50, 20)]
    said = await photo_message(slack, client, address, "RR4")
    assert said.startswith("RR4")
    assert "Your photo is kept" in said


@pytest.mark.parametrize("url", ["/files/missing.png", "https://evil.example.com/a.png", "http://127.0.0.1:9/a.png"])
async def test_a_photo_that_cannot_be_had_is_asked_for_again(slack: FakeSlack, client: SlackClient, url: str) -> None:
    url = slack.url.replace("/api/", url) if url.startswith("/") else url
    assert (await photo_message(slack, client, url)).startswith("That photo didn't reach me")


async def test_a_message_is_logged_by_its_shortcut_once(slack: FakeSlack, client: SlackClient) -> None:
    shortcut = {
        "type": "message_action",
        "callback_id": "log_message",
        "action_ts": "1700000000.000100",
        "trigger_id": "1.2.3",
        "team": {"id": "T1"},
        "user": {"id": "U7", "team_id": "T1"},
        "channel": {"id": "C9"},
        "message": {"type": "message", "user": "U8", "ts": "1700000000.000001", "text": "leak under the sink at 14 Elm Court"},
    }
    assert await client.interact(shortcut) == 200
    method, body = await slack.next()
    assert (method, body["channel"]) == ("chat.postMessage", "U7")
    assert "14 Elm Court" in body["text"]
    assert "Logged" in body["text"]
    assert await client.interact({**shortcut, "action_ts": "1700000009.000100"}) == 200
    await asyncio.sleep(0.4)
    assert len(slack.sent()) == 1, "the same message by the same person is the same log"


async def test_the_log_form_opens_as_a_dialog_and_says_what_was_put_in(slack: FakeSlack, client: SlackClient) -> None:
    common = {"team": {"id": "T1"}, "user": {"id": "U7", "team_id": "T1"}}
    assert await client.interact({"type": "shortcut", "callback_id": "log_new", "trigger_id": "1.2.3", **common}) == 200
    method, opened = await slack.next()
    assert method == "views.open"
    view = opened["view"]
    values = {"box-seen": {"seen": {"value": "mould by the cot"}}, "box-place": {"place": {"value": "flat 3 Ash House"}}}
    sent = {**view, "id": "V1", "hash": "1.x", "state": {"values": values}}
    assert await client.interact({"type": "view_submission", "view": sent, **common}) == 200
    _, body = await slack.next()
    assert "flat 3 Ash House" in body["text"]
    assert "Damp or mould" in body["text"]


@pytest.mark.parametrize("fault", [{"callback_id": "other"}, {"message": None}, {"channel": {}}, {"user": None}])
async def test_a_shortcut_that_is_not_ours_or_not_whole_is_passed_over(
    slack: FakeSlack, client: SlackClient, fault: dict[str, Any]
) -> None:
    shortcut = {
        "type": "message_action", "callback_id": "log_message", "action_ts": "1.1", "team": {"id": "T1"}, "user": {"id": "U7"},
        "channel": {"id": "C9"}, "message": {"ts": "1.0", "text": "leak"}, **fault,
    }  # fmt: skip
    assert await client.interact(shortcut) == 200
    await asyncio.sleep(0.2)
    assert slack.sent() == []
