"""Other systems: what a key reads, what a webhook is told, and what may come back by it."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.api import signing
from adapters.settings import Settings
from adapters.wiring import House
from storage import links, people, roster
from storage.secrets import Vault
from storage.store import Connection
from tests.conftest import Clock
from tests.fakes.teams import TENANT
from tests.talk import TeamsTalk

KEY, SECRET = "dsk_test", signing.PREFIX + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"doorstep_secret": "a secret for the tests"})


class Landlord:
    """A landlord's system: takes news, checks every signature by its own sums, and may be down."""

    def __init__(self) -> None:
        self.news: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.answers: list[int] = []
        self.address = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/news", self._take)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self.runner.addresses[0][1]}/news"

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert request.headers["webhook-signature"] == f"v1,{right}"
        status = self.answers.pop(0) if self.answers else 204
        if status < 300:
            self.ids.append(request.headers["webhook-id"])
            self.news.append(json.loads(body))
        return web.Response(status=status)


@pytest.fixture
async def landlord() -> Any:
    landlord = Landlord()
    await landlord.start()
    yield landlord
    await landlord.runner.cleanup()


@pytest.fixture
async def north(house: House, clock: Clock, landlord: Landlord) -> dict[str, int]:
    """A contract with a team, a key and a webhook, and another contract beside it."""
    vault = Vault(house.settings.secrets)

    def make(connection: Connection) -> dict[str, int]:
        tenant = people.tenant_id(connection, "teams", TENANT, clock())
        made = {"tenant": tenant}
        for name in ("North", "South"):
            contract = roster.put_contract(connection, tenant, name, {}, {}, clock())
            made[name] = roster.put_team(connection, tenant, contract, name, None)
            made[f"{name} contract"] = contract
        links.add_key(connection, tenant, made["North contract"], "BI", KEY, clock(), restricted=False)
        locked = vault.lock(SECRET)
        made["webhook"] = links.add_webhook(connection, tenant, made["North contract"], landlord.address, locked, clock())
        return made

    return await house.store.run(make)


async def read(house: House, path: str, key: str | None = KEY) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    url = f"{house.address}{path}"  # type: ignore[attr-defined]
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.fixture
async def logged(house: House, north: dict[str, int], teams_talk: TeamsTalk) -> str:
    """One issue of the contract, one that is restricted, and one of the other contract; the first one's reference."""
    await teams_talk.say(f"team {north['North']}")
    first = await teams_talk.say("log damp bedroom wall flat 12 orchard court")
    await teams_talk.say("log our plasterer was rude and swore at the lady at 12 Elm Court")
    await teams_talk.say(f"team {north['South']}")
    await teams_talk.say("log gutter down 9 Mill Lane")
    return next(word.strip(":") for word in first.title.split() if "-" in word)


async def test_a_key_reads_its_contract_and_nothing_else(house: House, logged: str) -> None:
    status, found = await read(house, "/api/v1/issues")
    assert status == 200
    assert [one["reference"] for one in found["issues"]] == [logged]
    assert found["issues"][0]["place"] == "flat 12 orchard court"
    assert found["issues"][0]["clocks"][0]["clock"] == "awaab-significant"
    assert found["next"] is None
    assert (await read(house, f"/api/v1/issues/{logged.lower()}"))[1]["category"] == "HZ-DAMP"
    assert (await read(house, "/api/v1/issues/ZEBRA-9"))[0] == 404
    assert (await read(house, "/api/v1/issues?state=closed"))[1]["issues"] == []
    assert (await read(house, "/api/v1/issues?category=NONE"))[1]["issues"] == []
    assert len((await read(house, "/api/v1/issues?changed_since=2020-01-01T00:00:00Z&limit=1"))[1]["issues"]) == 1


@pytest.mark.parametrize("key", [None, "", "dsk_other", "x" * 5000])
@pytest.mark.parametrize("path", ["/api/v1/issues", "/open311/v2/requests.json", "/open311/v2/services.json"])
async def test_without_the_key_there_is_nothing(house: House, north: Any, path: str, key: str | None) -> None:
    status, body = await read(house, path, key)
    assert status == 401
    assert "bearer token" in body["error"]


async def test_a_key_that_was_taken_back_opens_nothing(house: House, north: Any, clock: Clock) -> None:
    assert (await read(house, "/api/v1/issues"))[0] == 200
    assert await house.store.run(lambda c: links.revoke(c, 1, clock()))
    assert (await read(house, "/api/v1/issues"))[0] == 401


@pytest.mark.parametrize(
    "asked", ["limit=0", "limit=501", "limit=-1", "limit=x", "after=-1", "state=lost", "changed_since=soon"]
)
async def test_what_cannot_be_asked_is_explained(house: House, north: Any, asked: str) -> None:
    status, body = await read(house, f"/api/v1/issues?{asked}")
    assert status == 400
    assert body["error"].startswith(asked.split("=", maxsplit=1)[0])


async def test_open311_shows_the_same_issues(house: House, logged: str) -> None:
    _, services = await read(house, "/open311/v2/services.json")
    assert {"HZ-DAMP", "RP-NEW"} <= {one["service_code"] for one in services}
    assert "CN-CONDUCT" not in {one["service_code"] for one in services}
    _, requests = await read(house, f"/open311/v2/requests.json?status=open&service_code=HZ-DAMP&api_key={KEY}", None)
    assert [one["service_request_id"] for one in requests] == [logged]
    assert (await read(house, "/open311/v2/requests.json?page=2"))[1] == []
    _, one = await read(house, f"/open311/v2/requests/{logged}.json")
    assert one[0]["status"] == "open"


async def told(house: House, clock: Clock, landlord: Landlord, count: int) -> None:
    """Let the worker go until the landlord has that many."""
    for _ in range(40):
        clock.move(seconds=6)
        await house.webhooks.go()
        if len(landlord.news) >= count:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(landlord.news)


async def test_a_webhook_hears_everything_in_order_and_a_failure_loses_nothing(
    house: House, clock: Clock, landlord: Landlord, logged: str, teams_talk: TeamsTalk
) -> None:
    landlord.answers = [500, 302]
    await told(house, clock, landlord, 1)
    assert landlord.news[0]["type"] == "issue.logged"
    assert landlord.news[0]["data"]["reference"] == logged
    await teams_talk.say(f"{logged} in progress")
    await told(house, clock, landlord, 2)
    assert landlord.news[-1]["data"]["happened"]["detail"] == "in progress"
    assert len(set(landlord.ids)) == len(landlord.ids)
    clock.move(seconds=9)
    await house.webhooks.go()
    assert all("plasterer" not in json.dumps(one) and "gutter" not in json.dumps(one) for one in landlord.news)


@pytest.mark.usefixtures("logged")
async def test_a_webhook_whose_secret_cannot_be_read_waits_and_says_why(house: House, clock: Clock, landlord: Landlord) -> None:
    house.webhooks.vault = Vault(["another secret"])
    clock.move(seconds=6)
    await house.webhooks.go()
    assert landlord.news == []
    (hook, _), *_ = await house.store.run(links.every_webhook)
    assert "DOORSTEP_SECRET" in hook.error


async def send(house: House, number: int, body: Any, *, key: str = SECRET, delivery: str = "d1", late: float = 0) -> Any:
    raw = json.dumps(body).encode() if not isinstance(body, bytes) else body
    headers = signing.headers(key, delivery, house.clock(), raw)
    if late:
        stamp = int(house.clock().timestamp() - late)
        headers |= {"webhook-timestamp": str(stamp), "webhook-signature": signing.signature(key, delivery, stamp, raw)}
    url = f"{house.address}/api/v1/webhooks/{number}"  # type: ignore[attr-defined]
    async with aiohttp.ClientSession() as session, session.post(url, data=raw, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_state_comes_back_once_and_the_reporter_hears_of_it(
    house: House, north: dict[str, int], logged: str, teams_talk: TeamsTalk
) -> None:
    wanted = {"reference": logged, "state": "with landlord", "note": "surveyor booked, ring 07700 900123"}
    status, answer = await send(house, north["webhook"], wanted)
    assert (status, answer["state"]) == (200, "with landlord")
    heard = await teams_talk.hear()
    assert "with landlord" in heard.text
    assert "07700" not in heard.text
    assert (await send(house, north["webhook"], wanted))[1] == {"reference": logged, "already": True}
    shown = await teams_talk.say(f"status {logged}")
    assert "with landlord" in shown.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"reference": "ZEBRA-9", "state": "fixed"}, 404),
        ({"reference": "{ref}", "state": "lost"}, 400),
        ({"reference": "{ref}", "state": "closed"}, 409),
        ({"state": "fixed"}, 400),
        (b"not json", 400),
        (b"[]", 400),
    ],
)
async def test_what_cannot_come_back_is_refused_and_may_be_sent_again(
    house: House, north: dict[str, int], logged: str, body: Any, status: int
) -> None:
    if isinstance(body, dict) and body.get("reference") == "{ref}":
        body = {**body, "reference": logged}
    for _ in range(2):
        found, answer = await send(house, north["webhook"], body)
        assert found == status
        assert answer["error"]


async def test_a_forged_or_old_delivery_is_refused(house: House, north: dict[str, int], logged: str) -> None:
    wanted = {"reference": logged, "state": "fixed"}
    other = signing.PREFIX + base64.b64encode(b"another").decode()
    assert (await send(house, north["webhook"], wanted, key=other))[0] == 401
    assert (await send(house, north["webhook"], wanted, late=301))[0] == 401
    assert (await send(house, 999, wanted))[0] == 404
    assert (await send(house, north["webhook"], wanted, late=100))[0] == 200


async def test_the_document_names_every_route(house: House) -> None:
    status, document = await read(house, "/api/v1/openapi.json", None)
    assert status == 200
    from adapters.http import make_app

    served = {route.resource.canonical for route in make_app(house).router.routes() if route.resource}
    described = {path.replace("{reference}.json", "{reference}.json") for path in document["paths"]}
    assert described == {path for path in served if path.startswith(("/api/v1", "/open311"))}
