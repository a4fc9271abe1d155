"""Photos of an issue: hung on it, told apart, shown to whoever may see it, and to nobody else."""

import base64
import io
import json
import random
from typing import Any

import pytest
from PIL import Image

from adapters.photos import shrink
from adapters.wiring import House
from storage import photos
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams
from tests.talk import Heard, SlackTalk, TeamsTalk


def noise(side: int = 1600) -> bytes:
    """A photo that is hard to make small."""
    chance, out = random.Random(3), io.BytesIO()
    Image.frombytes("RGB", (side, side * 3 // 4), chance.randbytes(side * (side * 3 // 4) * 3)).save(out, "JPEG", quality=60)
    return out.getvalue()


async def send_on_teams(teams: FakeTeams, talk: TeamsTalk, text: str = "", *, count: int = 1) -> str:
    teams.files = {"x.jpg": noise()}
    attachment = {"contentType": "image/jpeg", "contentUrl": f"{teams.address}/files/x.jpg"}
    await talk.client.post(talk.client.message(text, attachments=[attachment] * count))
    return (await talk.hear()).text


async def send_on_slack(slack: FakeSlack, talk: SlackTalk, text: str = "") -> str:
    slack.files["a.jpg"] = noise()
    file = {"mimetype": "image/jpeg", "url_private_download": slack.url.replace("/api/", "/files/a.jpg")}
    await talk.client.send_event(talk.client.message(text, subtype="file_share", files=[file]))
    return (await talk.hear()).text


def pictures(body: dict[str, Any]) -> list[dict[str, Any]]:
    card = body["attachments"][0]["content"]
    return [element for element in card["body"] if element["type"] == "Image"]


async def test_before_and_after_on_teams(teams: FakeTeams, teams_talk: TeamsTalk, house: House) -> None:
    await teams_talk.say("leak 14b Elm Court kitchen bad")
    assert "Photo added to OAK-2." in await send_on_teams(teams, teams_talk)
    await teams_talk.say("oak 2 in progress")
    said = await send_on_teams(teams, teams_talk, "oak 2 fixed")
    assert "fixed" in said
    assert "Photo added to OAK-2, as after the work." in said
    heard = await teams_talk.say("oak 2 photos")
    assert heard.text.splitlines()[0] == "Photos of OAK-2"
    assert "1 · before the work · taken by P1," in heard.text
    assert "2 · after the work · taken by P1," in heard.text
    shown = pictures(teams.sent()[-1])
    assert [one["altText"][:1] for one in shown] == ["1", "2"]
    for one in shown:
        data = base64.b64decode(one["url"].removeprefix("data:image/jpeg;base64,"))
        assert Image.open(io.BytesIO(data)).format == "JPEG"
    assert len(json.dumps(teams.sent()[-1]["attachments"][0]["content"])) <= 25_000
    assert "1 · after the work" in (await teams_talk.tap("1 shows after")).text
    assert "1 · before the work" in (await teams_talk.say("oak 2 photo 1 is before")).text
    assert "photo 1 is after" in (await teams_talk.say("story oak 2")).text


async def test_several_photos_are_paged_and_none_is_lost(teams: FakeTeams, teams_talk: TeamsTalk) -> None:
    await teams_talk.say("damp in the bedroom 3 Larch Road")
    assert "Photo added" in await send_on_teams(teams, teams_talk, count=5)
    first = await teams_talk.say("photos oak 2")
    assert "Page 1 of 3" in first.text
    assert "Page 2 of 3" in (await teams_talk.tap("More photos")).text
    assert "5 · before" in (await teams_talk.tap("More photos")).text
    assert "Page 1 of 3" in (await teams_talk.tap("More photos")).text


async def test_they_are_shared_in_ones_own_chat_on_slack(slack: FakeSlack, slack_talk: SlackTalk, house: House) -> None:
    await slack_talk.say("leak 14b Elm Court kitchen bad")
    await send_on_slack(slack, slack_talk)
    await slack_talk.say("oak 2 photos")
    method, shared = await slack.next()
    assert method == "files.completeUploadExternal"
    assert shared["channel_id"].startswith("D")
    assert shared["files"][0]["title"].startswith("1 · before the work · taken by P1")
    _, data = slack.uploads[shared["files"][0]["id"]]
    [row] = await house.store.run(lambda c: c.execute(photos.photos.select()).all())
    assert data is not None
    assert len(data) == row.bytes


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("failure", ["missing_scope", 500, ("429", 1)])
async def test_without_the_pictures_the_words_are_there(
    slack: FakeSlack, slack_talk: SlackTalk, method: str, failure: Any
) -> None:
    await slack_talk.say("leak 14b Elm Court kitchen bad")
    await send_on_slack(slack, slack_talk)
    slack.fail(method, failure)
    assert "1 · before the work" in (await slack_talk.say("oak 2 photos")).text
    assert "OAK-2" in (await slack_talk.tap("Open OAK-2")).text


async def test_from_opening_the_chat_to_a_receipt_is_one_message_or_a_photo_and_two_taps(
    slack: FakeSlack, slack_talk: SlackTalk
) -> None:
    done = 0
    heard = Heard(await send_on_slack(slack, slack_talk), {}, edited=False)
    while not heard.title.startswith("Logged"):
        done += 1
        heard = await slack_talk.tap("Damp or mould")
    assert done <= 2
    assert "Photos: 1" in heard.text
    assert (await slack_talk.say("leak 14b Elm Court kitchen bad")).title.startswith("Logged")


async def test_only_who_may_see_the_issue_sees_its_photos(teams: FakeTeams, teams_talk: TeamsTalk) -> None:
    await teams_talk.say("leak 14b Elm Court kitchen bad")
    await send_on_teams(teams, teams_talk)
    other = TeamsTalk(teams, teams_talk.client, teams_talk._tick, "U2")
    for line in ("photos oak 2", "mark OAK-2 1 after", "oak 2 photo 1 is after"):
        heard = await other.say(line)
        assert "OAK-2, or it isn't yours to see" in heard.text
        assert pictures(teams.sent()[-1]) == []


@pytest.mark.parametrize("most", [15_000, 7_500, 3_000])
def test_a_thumbnail_keeps_to_its_size(most: int) -> None:
    assert len(shrink(noise(), most)) <= most
