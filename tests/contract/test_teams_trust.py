"""Who is let in at Teams' door: every way to be wrong gets 401, 403 or 400, no turn, and nothing of the body in the log."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from adapters.teams.service_urls import MICROSOFT, Origins
from adapters.wiring import House
from storage import inbox
from tests.fakes.teams import APP, FakeTeams, Key, TeamsClient

SECRET_WORDS = "mrs pemberton key safe 4711"

Wrong = Callable[[FakeTeams, dict[str, Any]], tuple[Any, str | None]]


def without(body: dict[str, Any], *path: str) -> dict[str, Any]:
    body = json.loads(json.dumps(body))
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return body


def altered(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**body, **more}


def elsewhere(body: dict[str, Any]) -> dict[str, Any]:
    return altered(body, conversation={**body["conversation"], "tenantId": "tenant-2"})


WRONG: dict[str, tuple[int, Wrong]] = {
    "no token": (401, lambda t, b: (b, None)),
    "empty token": (401, lambda t, b: (b, "Bearer ")),
    "another scheme": (401, lambda t, b: (b, "Basic abc")),
    "rubbish": (401, lambda t, b: (b, "Bearer not.a.token")),
    "non-ascii": (401, lambda t, b: (b, "Bearer \u00e9\u00e9.\u00e9.\u00e9")),
    "wrong key": (401, lambda t, b: (b, t.bearer(Key(t.key.kid)))),
    "unknown key": (401, lambda t, b: (b, t.bearer(Key("nobody")))),
    "expired": (401, lambda t, b: (b, t.bearer(exp=1_600_000_000))),
    "not yet": (401, lambda t, b: (b, t.bearer(nbf=4_000_000_000))),
    "no expiry": (401, lambda t, b: (b, t.bearer(exp=None))),
    "wrong audience": (401, lambda t, b: (b, t.bearer(aud="another-app"))),
    "no audience": (401, lambda t, b: (b, t.bearer(aud=None))),
    "wrong issuer": (401, lambda t, b: (b, t.bearer(iss="https://evil.example.com"))),
    "no issuer": (401, lambda t, b: (b, t.bearer(iss=None))),
    "token for another service URL": (401, lambda t, b: (b, t.bearer(serviceurl="https://smba.trafficmanager.net/uk/"))),
    "token without service URL": (401, lambda t, b: (b, t.bearer(serviceurl=None))),
    "symmetric": (401, lambda t, b: (b, "Bearer " + jwt.encode({"aud": APP}, "k" * 32, headers={"kid": t.key.kid}))),
    "service URL not allowed": (
        403,
        lambda t, b: (altered(b, serviceUrl="https://evil.example.com/"), t.bearer(serviceurl="https://evil.example.com/")),
    ),
    "other tenant": (403, lambda t, b: (elsewhere(without(b, "channelData")), "")),
    "two tenants": (403, lambda t, b: (altered(b, channelData={"tenant": {"id": "tenant-2"}}), "")),
    "no tenant": (403, lambda t, b: (without(without(b, "channelData"), "conversation", "tenantId"), "")),
    "other channel": (403, lambda t, b: (altered(b, channelId="directline"), "")),
    "no service URL": (400, lambda t, b: (without(b, "serviceUrl"), "")),
    "no channel": (400, lambda t, b: (without(b, "channelId"), "")),
    "no type": (400, lambda t, b: (without(b, "type"), "")),
    "no id": (400, lambda t, b: (without(b, "id"), "")),
    "no sender": (400, lambda t, b: (without(b, "from"), "")),
    "no sender's id": (400, lambda t, b: (without(b, "from", "id"), "")),
    "no conversation": (400, lambda t, b: ({**without(b, "conversation")}, "")),
    "no conversation's id": (400, lambda t, b: (without(b, "conversation", "id"), "")),
    "truncated": (400, lambda t, b: (json.dumps(b).encode()[:-40], "")),
    "empty": (400, lambda t, b: (b"", "")),
    "a list": (400, lambda t, b: (b"[]", "")),
    "not text": (400, lambda t, b: (b"\xff\xfe\x00", "")),
    "bad time": (400, lambda t, b: (altered(b, timestamp="yesterday"), "")),
    "odd entities": (400, lambda t, b: (altered(b, entities=[{"type": "mention", "mentioned": 3}]), "")),
    "odd attachments": (400, lambda t, b: (altered(b, attachments="x"), "")),
    "odd text": (400, lambda t, b: (altered(b, text={"a": 1}), "")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_turned_away_quietly(
    teams: FakeTeams, teams_client: TeamsClient, house: House, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    status, wrong = WRONG[name]
    body, bearer = wrong(teams, teams_client.message(SECRET_WORDS))
    assert await teams_client.post(body, bearer) == status
    assert await house.store.run(lambda c: c.execute(inbox.inbox.select()).all()) == []
    ours = [
        record.getMessage() for record in caplog.records if record.name.startswith(("doorstep", "aiohttp", "botbuilder", "jwt"))
    ]
    assert not any("4711" in line or "pemberton" in line for line in ours)


async def test_a_key_that_isnt_endorsed_for_teams_is_turned_away(teams: FakeTeams, teams_client: TeamsClient) -> None:
    teams.keys = [Key("key-1", ("webchat",))]
    teams.key = teams.keys[0]
    assert await teams_client.post(teams_client.message("RR4")) == 403


async def test_a_rotated_key_is_taken_at_once(teams: FakeTeams, teams_client: TeamsClient) -> None:
    assert await teams_client.post(teams_client.message("RR4")) == 200
    teams.key = Key("key-2")
    teams.keys = [teams.key]
    assert await teams_client.post(teams_client.message("RR1")) == 200
    assert teams.fetches["keys"] == 2


async def test_made_up_keys_cannot_hammer_the_issuer(teams: FakeTeams, teams_client: TeamsClient) -> None:
    good = Key("junk")
    for number in range(40):
        good.kid = f"junk-{number}"
        assert await teams_client.post(teams_client.message("RR4"), teams.bearer(good)) == 401
    assert teams.fetches["keys"] <= 6
    assert await teams_client.post(teams_client.message("RR4")) == 200


async def test_many_at_once_fetch_the_keys_once(teams: FakeTeams, teams_client: TeamsClient) -> None:
    teams.slow = 0.1
    sent = await asyncio.gather(*(teams_client.post(teams_client.message("RR4", f"U{n}")) for n in range(20)))
    assert sent == [200] * 20
    assert teams.fetches["keys"] == 1
    for _ in range(20):
        await teams.next()
    assert teams.fetches["token"] == 1


async def test_an_issuer_that_is_down_is_nobodys_fault(teams: FakeTeams, teams_client: TeamsClient) -> None:
    teams.keys = []
    assert await teams_client.post(teams_client.message("RR4")) == 503


def test_only_microsofts_addresses_are_in_the_list() -> None:
    origins = Origins(MICROSOFT)
    assert "https://smba.trafficmanager.net/uk/" in origins
    assert "https://europe.botframework.com" in origins
    for bad in (
        "http://smba.trafficmanager.net/uk/",
        "https://smba.trafficmanager.net.evil.example.com/",
        "https://evil.example.com/?https://smba.trafficmanager.net",
        "https://user@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://botframework.com.example.com",
        "https://evilbotframework.com",
        "nonsense",
        "",
    ):
        assert bad not in origins, bad
