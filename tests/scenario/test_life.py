"""How long things are kept, "forget that", giving out and erasing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adapters.cli import data
from adapters.wiring import House
from storage import life, people, photos, questions, roster
from tests.conftest import Clock
from tests.fakes.teams import FakeTeams, TeamsClient
from tests.talk import TeamsTalk


async def rows(house: House, table: Any) -> list[Any]:
    return list(await house.store.run(lambda c: c.execute(table.select()).all()))


async def send_photo(teams: FakeTeams, client: TeamsClient) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "JPEG")
    teams.files = {"x.jpg": out.getvalue()}
    attachment = {"contentType": "image/jpeg", "contentUrl": f"{teams.address}/files/x.jpg"}
    await client.post(client.message("", attachments=[attachment]))
    await teams.next()


def files(house: House) -> list[Path]:
    return [path for path in house.settings.files.rglob("*") if path.is_file()]


async def test_forget_that_takes_the_last_thing_away(
    teams: FakeTeams, teams_client: TeamsClient, teams_talk: TeamsTalk, house: House
) -> None:
    await teams_talk.say("ask a trainer: can we park in the bay")
    await send_photo(teams, teams_client)
    assert len(files(house)) == 1
    assert "last photo is gone" in (await teams_talk.say("forget that")).text
    assert files(house) == []
    assert await rows(house, photos.photos) == []
    assert "last question is gone" in (await teams_talk.say("forget that")).text
    assert [row.text for row in await rows(house, questions.questions)] == [""]
    assert "nothing of yours" in (await teams_talk.say("forget that")).text


async def test_my_data_says_what_is_kept(teams_talk: TeamsTalk) -> None:
    heard = await teams_talk.say("my data")
    assert "365 days" in heard.text
    assert "Private details never" in heard.text


async def test_each_contract_keeps_things_as_long_as_it_says(
    teams: FakeTeams, teams_client: TeamsClient, teams_talk: TeamsTalk, house: House, clock: Clock
) -> None:
    await teams_talk.say("ask a trainer: can we park in the bay")
    await send_photo(teams, teams_client)

    def short(connection: Any) -> None:
        tenant = people.tenant_id(connection, "teams", "tenant-1", clock())
        contract = roster.put_contract(connection, tenant, "North", {}, {"retention": {"questions": 10, "photos": 5}}, clock())
        team = roster.put_team(connection, tenant, contract, "Gas", None)
        roster.join(connection, tenant, 1, team, None, clock())

    await house.store.run(short)
    clock.move(days=6)
    await house.store.run(house.worker._tidy)
    assert files(house) == []
    assert len(await rows(house, questions.questions)) == 1
    clock.move(days=5)
    await house.store.run(house.worker._tidy)
    assert await rows(house, questions.questions) == []


async def test_export_gives_everything_and_erase_leaves_nothing(
    database: str,
    teams: FakeTeams,
    teams_client: TeamsClient,
    teams_talk: TeamsTalk,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    await teams_talk.say("ask a trainer: can we park in the bay")
    await send_photo(teams, teams_client)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("DOORSTEP_DATA", str(house.settings.doorstep_data))
    monkeypatch.chdir(tmp_path)
    assert data.export_person("P1") == 0
    given = json.loads(capsys.readouterr().out)
    assert given["person"]["external_id"] == "aad-U1"
    assert given["questions"][0]["text"] == "can we park in the bay"
    assert len(given["photos"]) == 1
    assert data.erase("p1") == 0
    assert "P1 is erased, 1 photos with them" in capsys.readouterr().out
    assert files(house) == []
    left = await house.store.run(lambda c: life.everything_about(c, 1))
    assert left
    assert left["person"]["external_id"] == "erased:1"
    assert [
        name for name in ("roles", "questions", "photos", "dialogues", "messages_taken_in", "cards_shown") if left[name]
    ] == []
    assert left["acts"][-1]["action"] == "erase"
    assert data.erase("P999") == 1
    assert data.erase("bob") == 2
    assert data.export_person("P999") == 1
