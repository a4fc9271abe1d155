"""Installing in many workspaces: a state good for once in one browser, tokens unreadable at rest and renewed once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from adapters.http import Server, make_app
from adapters.settings import Settings
from adapters.wiring import House, build
from bot.engine import Engine
from storage import installations, people
from storage.secrets import SecretLost, Vault
from tests.conftest import Clock
from tests.fakes.slack import CLIENT, SECRET, FakeSlack, SlackClient

OLD, NEW = "an old secret", "a new secret"


@pytest.fixture
async def many(database: str, slack: FakeSlack, engine: Engine, clock: Clock, tmp_path: Path) -> AsyncIterator[House]:
    slack.tokens.clear()
    settings = Settings(
        _env_file=None,
        database_url=database,
        doorstep_data=tmp_path,
        doorstep_secret=OLD,
        slack_client_id=CLIENT[0],
        slack_client_secret=CLIENT[1],
        slack_signing_secret=SECRET,
        slack_api_url=slack.url,
    )
    assert settings.complaints() == []
    house = await build(settings, clock=clock, engine=engine)
    server = Server(make_app(house), "127.0.0.1", 0)
    await server.start()
    house.address = f"http://127.0.0.1:{server.port}"  # type: ignore[attr-defined]
    yield house
    await server.stop()
    await house.close()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        yield browser


@pytest.fixture
def client(many: House, session: aiohttp.ClientSession) -> SlackClient:
    return SlackClient(many.address, session)  # type: ignore[attr-defined]


def grant(slack: FakeSlack, code: str, team: str, more: dict[str, Any] | None = None) -> None:
    slack.grants[code] = {"access_token": f"xoxb-{team}", "team": {"id": team, "name": f"Firm <{team}>"}, **(more or {})}


async def begin(house: Any, browser: aiohttp.ClientSession) -> str:
    async with browser.get(f"{house.address}/slack/install", allow_redirects=False) as answer:
        assert answer.status == 302
        where = urlsplit(answer.headers["Location"])
        query = parse_qs(where.query)
        assert where.path == "/oauth/v2/authorize"
        assert query["client_id"] == [CLIENT[0]]
        assert "chat:write" in query["scope"][0]
        return query["state"][0]


async def finish(house: Any, browser: aiohttp.ClientSession, state: str, code: str) -> tuple[int, str]:
    async with browser.get(f"{house.address}/slack/oauth_redirect", params={"state": state, "code": code}) as answer:
        return answer.status, await answer.text()


async def install(house: Any, slack: FakeSlack, browser: aiohttp.ClientSession, team: str, **more: Any) -> None:
    grant(slack, f"code-{team}", team, more)
    status, page = await finish(house, browser, await begin(house, browser), f"code-{team}")
    assert status == 200, page
    assert f"Doorstep is in Firm &lt;{team}&gt;" in page or more


async def test_each_workspace_is_answered_under_its_own_token(
    many: House, slack: FakeSlack, browser: aiohttp.ClientSession, client: SlackClient
) -> None:
    for team in ("T1", "T2"):
        await install(many, slack, browser, team)
    for team in ("T1", "T2"):
        await client.send_event(client.message("RR4", f"U{team}", team))
        await slack.next()
    assert slack.used == ["xoxb-T1", "xoxb-T2"]


async def test_a_workspace_that_never_installed_gets_200_and_no_turn(
    many: House, slack: FakeSlack, client: SlackClient
) -> None:
    assert await client.send_event(client.message("RR4", "U1", "T9")) == 200
    await asyncio.sleep(0.3)
    assert slack.calls == []


async def test_a_state_replayed_fifty_times_at_once_is_taken_once(
    many: House, slack: FakeSlack, browser: aiohttp.ClientSession
) -> None:
    state = await begin(many, browser)
    for number in range(50):
        grant(slack, f"code-{number}", "T1")
    answers = await asyncio.gather(*(finish(many, browser, state, f"code-{number}") for number in range(50)))
    assert sorted(status for status, _ in answers) == [200] + [400] * 49
    assert len(slack.grants) == 49


async def test_a_state_is_of_no_use_in_another_browser_or_too_late(
    many: House, slack: FakeSlack, browser: aiohttp.ClientSession, session: aiohttp.ClientSession, clock: Clock
) -> None:
    grant(slack, "code", "T1")
    state = await begin(many, browser)
    assert (await finish(many, session, state, "code"))[0] == 400
    assert (await finish(many, browser, "made-up", "code"))[0] == 400
    clock.move(minutes=11)
    assert (await finish(many, browser, state, "code"))[0] == 400
    assert "code" in slack.grants


async def test_a_no_on_slacks_page_is_a_page_of_its_own(many: Any, browser: aiohttp.ClientSession) -> None:
    state = await begin(many, browser)
    params = {"state": state, "error": "access_denied"}
    async with browser.get(f"{many.address}/slack/oauth_redirect", params=params) as answer:
        assert "Nothing was changed" in await answer.text()


async def test_tokens_are_unreadable_in_the_database(
    sqlite: str, many: House, slack: FakeSlack, browser: aiohttp.ClientSession, tmp_path: Path, database: str
) -> None:
    await install(many, slack, browser, "T1", refresh_token="r-1", expires_in=43200)
    rows = await many.store.run(installations.every)
    assert [one.bot_token and one.bot_token.startswith("gAAAA") for one in rows] == [True]
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"xoxb-T1" not in stored
    assert b"r-1" not in stored


async def test_a_token_is_renewed_once_however_many_want_it(
    many: House, slack: FakeSlack, browser: aiohttp.ClientSession, client: SlackClient, clock: Clock
) -> None:
    await install(many, slack, browser, "T1", refresh_token="r-1", expires_in=43200)
    clock.move(hours=11.8)
    for number in range(5):
        await client.send_event(client.message("RR4", f"U{number}", "T1"))
    for _ in range(5):
        await slack.next()
    assert len(slack.grants) == 1, "one refresh token was used, and one came back"
    clock.move(seconds=61)
    await client.send_event(client.message("RR1", "U1", "T1"))
    await slack.next()
    assert slack.used[-1].startswith("xoxe-")


@pytest.mark.parametrize("order", [("app_uninstalled", "tokens_revoked"), ("tokens_revoked", "app_uninstalled")])
async def test_removal_in_either_order_takes_the_tokens_and_a_reinstall_revives(
    many: House, slack: FakeSlack, browser: aiohttp.ClientSession, client: SlackClient, clock: Clock, order: tuple[str, str]
) -> None:
    await install(many, slack, browser, "T1")
    for kind in order:
        event = {"type": kind, "tokens": {"bot": ["UBOT"]}}
        assert await client.send_event(client.event(event)) == 200
        await asyncio.sleep(0.2)
    assert [one.bot_token for one in await many.store.run(installations.every)] == [None]
    clock.move(seconds=61)
    await client.send_event(client.message("RR4"))
    await asyncio.sleep(0.3)
    assert slack.calls == []
    await install(many, slack, browser, "T1")
    await client.send_event(client.message("RR4"))
    assert "RR4" in (await slack.next())[1]["text"]


async def test_an_org_wide_install_is_kept_under_the_org(
    many: House, slack: FakeSlack, browser: aiohttp.ClientSession, client: SlackClient
) -> None:
    org = {"enterprise": {"id": "E1", "name": "Org"}, "is_enterprise_install": True}
    await install(many, slack, browser, "T1", **org)
    slack.grants.clear()
    event = client.message("RR4", "U1", "T7")
    event |= {"enterprise_id": "E1", "authorizations": [{"enterprise_id": "E1", "is_enterprise_install": True}]}
    await client.send_event(event)
    assert "RR4" in (await slack.next())[1]["text"]
    tenants = await many.store.run(lambda c: [row.external_id for row in c.execute(people.tenants.select())])
    assert tenants == ["E1"]


def test_a_secret_is_rotated_by_putting_the_new_one_in_front() -> None:
    token = Vault([OLD]).lock("xoxb-1")
    both = Vault([NEW, OLD])
    assert both.unlock(token) == "xoxb-1"
    assert both.is_stale(token)
    assert not both.is_stale(both.lock("xoxb-1"))
    with pytest.raises(SecretLost, match="DOORSTEP_SECRET"):
        Vault([NEW]).unlock(token)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"slack_client_id": "a"}, "SLACK_CLIENT_SECRET"),
        ({"slack_client_id": "a", "slack_client_secret": "b", "slack_signing_secret": "c"}, "DOORSTEP_SECRET missing"),
        ({"slack_client_id": "a", "slack_bot_token": "x", "slack_signing_secret": "c"}, "both set"),
    ],
)
def test_half_set_is_named(given: dict[str, str], complaint: str) -> None:
    assert complaint in " ".join(Settings(_env_file=None, **given).complaints())
