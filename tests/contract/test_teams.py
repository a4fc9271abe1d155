"""Teams' side of the contract: what is answered, once, and how it looks."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from adapters.wiring import House
from bot.reply import Block, Card
from storage import cards, files, inbox, outbox, people, photos
from tests.conftest import Clock
from tests.fakes.teams import APP, FakeTeams, TeamsClient, actions_of, card_of
from tests.talk import TeamsTalk


async def settle(house: House) -> None:
    await asyncio.sleep(0.3)
    await house.gateway.sweep()
    await asyncio.sleep(0.2)


async def test_a_question_gets_one_card_in_its_chat(teams: FakeTeams, teams_client: TeamsClient) -> None:
    assert await teams_client.post(teams_client.message("what does the standard say about shoe covers")) == 200
    method, conversation, body = await teams.next()
    assert (method, conversation) == ("POST", "a:U1")
    assert body["summary"].startswith("RR2 · Treat the home")
    assert card_of(body)["version"] == "1.5"


async def test_a_mention_in_a_channel_is_answered_in_its_thread(teams: FakeTeams, teams_client: TeamsClient) -> None:
    thread = "19:abc@thread.tacv2;messageid=1700"
    bot = {"mentioned": {"id": f"28:{APP}", "name": "Doorstep"}, "text": "<at>Doorstep</at>"}
    activity = teams_client.activity(
        conversation=thread, text="<at>Doorstep</at>&nbsp;RR4\n", entities=[{"type": "mention", **bot}]
    )
    assert await teams_client.post(activity) == 200
    _, conversation, body = await teams.next()
    assert conversation == thread
    assert body["summary"].startswith("RR4")


async def test_a_group_chat_is_answered_there(teams: FakeTeams, teams_client: TeamsClient) -> None:
    activity = teams_client.message("RR4")
    activity["conversation"] = {
        "id": "19:g@thread.v2",
        "conversationType": "groupChat",
        "isGroup": True,
        "tenantId": "tenant-1",
    }
    await teams_client.post(activity)
    assert (await teams.next())[1] == "19:g@thread.v2"


async def test_one_person_has_one_dialogue_over_several_chats(
    teams: FakeTeams, teams_client: TeamsClient, clock: Clock
) -> None:
    first = teams_client.message("RR4")
    await teams_client.post(first)
    await teams.next()
    second = teams_client.message("say it")
    second["conversation"] = {**second["conversation"], "id": "a:another"}
    await teams_client.post(second)
    _, conversation, body = await teams.next()
    assert conversation == "a:another"
    assert body["summary"].startswith("RR4 · Say this")


async def test_the_same_activity_three_times_at_once_gives_one_answer(teams: FakeTeams, teams_client: TeamsClient) -> None:
    body = teams_client.message("RR4")
    assert await asyncio.gather(*(teams_client.post(body) for _ in range(3))) == [200, 200, 200]
    await teams.next()
    await asyncio.sleep(0.4)
    assert len(teams.sent()) == 1


async def test_a_resend_under_its_own_id_and_then_under_a_new_one_gives_one_answer(
    teams: FakeTeams, teams_client: TeamsClient, clock: Clock
) -> None:
    body = teams_client.message("RR4")
    await teams_client.post(body)
    await teams.next()
    clock.move(seconds=15)
    await teams_client.post(body)
    clock.move(seconds=30)
    later = teams_client.message("RR4")
    await teams_client.post({**later, "timestamp": clock().isoformat()})
    await asyncio.sleep(0.4)
    assert len(teams.sent()) == 1


async def test_a_copy_under_a_new_id_at_the_same_time_gives_one_answer(teams: FakeTeams, teams_client: TeamsClient) -> None:
    body = teams_client.message("RR4")
    await teams_client.post(body)
    await teams_client.post({**body, "id": "another"})
    await teams.next()
    await asyncio.sleep(0.4)
    assert len(teams.sent()) == 1


async def test_a_person_may_say_the_same_thing_twice(teams_talk: TeamsTalk) -> None:
    await teams_talk.say("RR4")
    await teams_talk.say("RR1")
    await teams_talk.say("RR2")
    assert (await teams_talk.say("back")).title.startswith("RR1")
    assert (await teams_talk.say("back")).title.startswith("RR4")


async def test_a_tap_edits_its_card_and_a_double_tap_does_nothing_more(teams: FakeTeams, teams_client: TeamsClient) -> None:
    await teams_client.post(teams_client.message("RR4"))
    _, _, body = await teams.next()
    more = actions_of(card_of(body))["More"]
    assert set(more) == {"doorstep", "once"}
    for _ in range(2):
        assert await teams_client.post(teams_client.tap(more, body["id"])) == 200
    method, _, edited = await teams.next()
    assert (method, edited["id"]) == ("PUT", body["id"])
    await asyncio.sleep(0.4)
    assert len(teams.calls) == 2


async def test_an_old_card_explains_itself(teams: FakeTeams, teams_talk: TeamsTalk) -> None:
    first = await teams_talk.say("RR4")
    await teams_talk.tap("More")
    again = await teams_talk.tap("Why?", on=first)
    assert again.edited
    assert "moved on" in again.text or "out of date" in again.text or "already" in again.text


async def test_somebody_else_in_the_channel_gets_a_card_of_their_own(teams: FakeTeams, teams_client: TeamsClient) -> None:
    await teams_client.post(teams_client.message("RR4"))
    _, _, body = await teams.next()
    await teams_client.post(teams_client.tap(actions_of(card_of(body))["More"], body["id"], user="U2"))
    method, conversation, _ = await teams.next()
    assert (method, conversation) == ("POST", "a:U2")


async def test_installing_welcomes_once(teams: FakeTeams, teams_client: TeamsClient) -> None:
    bot = {"id": f"28:{APP}"}
    await teams_client.post(teams_client.activity("installationUpdate", action="add"))
    await teams_client.post(teams_client.activity("conversationUpdate", membersAdded=[bot]))
    _, _, body = await teams.next()
    assert body["summary"].startswith("Hello, I'm Doorstep")
    await asyncio.sleep(0.4)
    assert len(teams.sent()) == 1


async def test_a_team_that_adds_the_bot_is_left_in_peace(teams: FakeTeams, teams_client: TeamsClient) -> None:
    await teams_client.post(teams_client.activity("installationUpdate", conversation="19:t@thread.tacv2", action="add"))
    await asyncio.sleep(0.4)
    assert teams.calls == []


async def test_after_removal_nothing_is_sent_until_the_person_comes_back(
    teams: FakeTeams, teams_client: TeamsClient, house: House
) -> None:
    await teams_client.post(teams_client.message("RR4"))
    await teams.next()
    await teams_client.post(teams_client.activity("installationUpdate", action="remove"))
    await settle(house)
    assert await reached(house) is None
    await teams_client.post(teams_client.message("RR1"))
    assert (await teams.next())[2]["summary"].startswith("RR1")
    assert await reached(house) is not None


async def reached(house: House, person: str = "aad-U1") -> Any:
    def work(connection: Any) -> Any:
        tenant = people.tenant_id(connection, "teams", "tenant-1", house.clock())
        found = people.place(connection, tenant, f"dm:{person}", person, house.clock())
        return people.reach(connection, tenant, found.person_id)

    return await house.store.run(work)


async def test_a_person_can_be_written_to_first(teams: FakeTeams, teams_client: TeamsClient, house: House) -> None:
    await teams_client.post(teams_client.message("RR4"))
    await teams.next()
    place, address = await reached(house)
    card = {"card": Card("Covers on?", (Block("say", "A tip."),)).to_json(), "revision": 0}
    for known in (address, {**address, "conversation": ""}):
        await house.store.run(lambda c, known=known: outbox.put(c, place, "send", None, known, card, house.clock()))
    await settle(house)
    calls = [await teams.next() for _ in range(3)]
    assert [(method, conversation) for method, conversation, _ in calls] == [
        ("POST", "a:U1"),
        ("CREATE", ""),
        ("POST", "a:new-29:U1"),
    ]
    assert calls[1][2]["channelData"] == {"tenant": {"id": "tenant-1"}}


async def test_the_latest_chat_is_the_one_to_write_to(teams: FakeTeams, teams_client: TeamsClient, house: House) -> None:
    for chat in ("a:old", "a:new"):
        message = teams_client.message("RR4")
        message["conversation"] = {**message["conversation"], "id": chat}
        await teams_client.post(message)
        await teams.next()
    assert (await reached(house))[1]["conversation"] == "a:new"


@pytest.mark.parametrize("name", ["task/fetch", "composeExtension/query", "signin/verifyState", "somethingNew", ""])
async def test_an_invoke_that_means_nothing_to_us_is_answered_all_the_same(teams_client: TeamsClient, name: str) -> None:
    assert await teams_client.post(teams_client.invoke(name, {"data": {"x": 1}})) == 200
    assert isinstance(teams_client.answered(), dict)


async def ask_form(teams: FakeTeams, client: TeamsClient) -> tuple[dict[str, Any], dict[str, Any]]:
    await client.post(client.message("help"))
    _, _, body = await teams.next()
    opener = actions_of(card_of(body))["Ask a trainer"]
    assert opener["msteams"] == {"type": "task/fetch"}
    assert await client.post(client.invoke("task/fetch", {"data": opener})) == 200
    return opener, client.answered()["task"]


async def test_a_button_opens_a_dialog_and_what_was_typed_is_kept(teams: FakeTeams, teams_client: TeamsClient) -> None:
    _, task = await ask_form(teams, teams_client)
    assert task["type"] == "continue"
    card = task["value"]["card"]["content"]
    send = actions_of(card)["Send"]
    assert (
        await teams_client.post(teams_client.invoke("task/submit", {"data": {**send, "question": "Can we park there"}})) == 200
    )
    assert teams_client.answer == b""
    _, _, body = await teams.next()
    assert body["summary"].startswith("Kept for a trainer\n“Can we park there”")


async def test_an_empty_dialog_stays_open_and_says_why(teams: FakeTeams, teams_client: TeamsClient) -> None:
    _, task = await ask_form(teams, teams_client)
    send = actions_of(task["value"]["card"]["content"])["Send"]
    await teams_client.post(teams_client.invoke("task/submit", {"data": {**send, "question": "  "}}))
    again = teams_client.answered()["task"]
    assert again["type"] == "continue"
    assert "Fill in the box first" in str(again)


async def test_a_form_in_the_chat_is_filled_in_there(teams: FakeTeams, teams_client: TeamsClient) -> None:
    await teams_client.post(teams_client.message("ask a trainer"))
    _, _, body = await teams.next()
    send = actions_of(card_of(body))["Send"]
    await teams_client.post(teams_client.tap({**send, "question": "Can we park there, ring 07700 900123"}, body["id"]))
    method, _, kept = await teams.next()
    assert method == "PUT"
    assert "“Can we park there, ring [phone number]”" in kept["summary"]


async def test_a_danger_in_a_form_gets_its_card(teams: FakeTeams, teams_client: TeamsClient) -> None:
    await teams_client.post(teams_client.message("ask a trainer"))
    _, _, body = await teams.next()
    send = actions_of(card_of(body))["Send"]
    await teams_client.post(teams_client.tap({**send, "question": "i can smell gas in the hallway"}, body["id"]))
    assert (await teams.next())[2]["summary"].startswith("Gas: get everyone out")


async def test_a_tap_by_execute_is_heard_too(teams: FakeTeams, teams_client: TeamsClient) -> None:
    await teams_client.post(teams_client.message("RR4"))
    _, _, body = await teams.next()
    data = actions_of(card_of(body))["More"]
    value = {"action": {"type": "Action.Execute", "verb": "x", "data": data}, "trigger": "manual"}
    assert await teams_client.post(teams_client.invoke("adaptiveCard/action", value)) == 200
    assert teams_client.answered()["statusCode"] == 200
    assert "RR4" in (await teams.next())[2]["summary"]


def picture(form: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (3000, 1500), "red").save(out, form, exif=exif.tobytes() if form == "HEIF" else exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "HEIF", "WEBP"])
async def test_photos_are_fetched_made_anew_and_kept(
    teams: FakeTeams, teams_client: TeamsClient, house: House, kind: str
) -> None:
    teams.files = {"inline.jpg": picture(), "upload.png": picture(kind)}
    link = "application/vnd.microsoft.teams.file.download.info"
    attachments = [
        {"contentType": "image/*", "contentUrl": f"{teams.address}/files/inline.jpg"},
        {"contentType": link, "name": "upload.png", "content": {"downloadUrl": f"{teams.address}/files/upload.png"}},
        {"contentType": "text/html", "content": "<p>the words again</p>"},
    ]
    assert await teams_client.post(teams_client.message("", attachments=attachments)) == 200
    _, _, body = await teams.next()
    assert body["summary"].startswith("Photos kept: 2")
    assert teams.refused == ["file inline.jpg signed", "file upload.png unsigned"]
    rows = await house.store.run(lambda c: c.execute(photos.photos.select()).all())
    assert [(row.width, row.height) for row in rows] == [(2048, 1024)] * 2
    store = files.FileStore(house.settings.files)
    for row in rows:
        data = store.get(row.id)
        assert data is not None
        assert b"Secret camera" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


@pytest.mark.parametrize("bad", [b"<html>Sign in</html>", None, "http://127.0.0.1:9/elsewhere", picture()[:2000]])
async def test_a_photo_that_isnt_one_is_asked_for_again(teams: FakeTeams, teams_client: TeamsClient, bad: Any) -> None:
    teams.files = {"x.jpg": bad}
    photo = {"contentType": "image/jpeg", "contentUrl": f"{teams.address}/files/x.jpg"}
    await teams_client.post(teams_client.message("RR4", attachments=[photo]))
    _, _, body = await teams.next()
    assert body["summary"].startswith("RR4")
    assert "A photo didn't come through" in body["summary"]


@pytest.mark.parametrize("url", ["https://evil.example.com/x.jpg", "http://169.254.169.254/latest", "file:///etc/passwd"])
async def test_our_token_goes_to_nobody_else(teams: FakeTeams, teams_client: TeamsClient, url: str) -> None:
    await teams_client.post(teams_client.message("RR4", attachments=[{"contentType": "image/png", "contentUrl": url}]))
    assert "didn't come through" in (await teams.next())[2]["summary"]


async def test_old_photos_go_with_their_files(teams: FakeTeams, teams_client: TeamsClient, house: House, clock: Clock) -> None:
    teams.files = {"x.jpg": picture()}
    photo = {"contentType": "image/jpeg", "contentUrl": f"{teams.address}/files/x.jpg"}
    await teams_client.post(teams_client.message("", attachments=[photo]))
    await teams.next()
    clock.move(days=31)
    await house.store.run(house.worker._tidy)
    assert await house.store.run(lambda c: c.execute(photos.photos.select()).all()) == []
    assert [path for path in house.settings.files.rglob("*") if path.is_file()] == []


async def test_nothing_that_was_said_stays_in_the_inbox(
    teams: FakeTeams, teams_client: TeamsClient, house: House, clock: Clock
) -> None:

    await teams_client.post(teams_client.message("can i vape in the garden"))
    await teams.next()
    clock.move(hours=1)
    await house.store.run(house.worker._tidy)
    rows = await house.store.run(lambda c: c.execute(inbox.inbox.select()).all())
    assert [(row.turn, row.echo_key) for row in rows] == [(None, None)]
    assert await house.store.run(lambda c: c.execute(cards.cards.select()).all())
