"""The servers that are compared, each in a process of its own: the plainest echo of Bolt and of botbuilder, and Doorstep.

    python -m bench.servers bolt|botbuilder|doorstep SLACK_API_URL TEAMS_ADDRESS

prints its port when it listens.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

STARTED = time.process_time()


async def bolt(api_url: str, teams: str) -> None:
    import aiohttp
    from aiohttp import web
    from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult
    from slack_sdk.web.async_client import AsyncWebClient

    from tests.fakes.slack import SECRET, TOKEN

    client = AsyncWebClient(token=TOKEN, base_url=api_url, session=aiohttp.ClientSession())

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=TOKEN, bot_user_id="UBOT")

    app = AsyncApp(signing_secret=SECRET, client=client, authorize=authorize)

    @app.event("message")
    async def echo(event: dict) -> None:
        await client.chat_postMessage(channel=event["channel"], text=event["text"])

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", handle)
    await serve(site)


async def botbuilder(api_url: str, teams: str) -> None:
    """As shipped: it fetches its token anew on every turn, from an Entra that answers at once."""
    from aiohttp import web
    from botbuilder.core import CloudAdapterBase, TurnContext
    from botbuilder.schema import Activity
    from botframework.connector.auth import BotFrameworkAuthenticationFactory, PasswordServiceClientCredentialFactory

    from tests.fakes.teams import APP, PASSWORD

    credentials = PasswordServiceClientCredentialFactory(APP, PASSWORD)
    adapter = CloudAdapterBase(
        BotFrameworkAuthenticationFactory.create(
            credential_factory=credentials,
            channel_service="",
            validate_authority=False,
            to_channel_from_bot_login_url=os.environ["BENCH_AUTHORITY"],
            to_channel_from_bot_oauth_scope="https://api.botframework.com",
            to_bot_from_channel_token_issuer="https://api.botframework.com",
            oauth_url="https://api.botframework.com",
            to_bot_from_channel_open_id_metadata_url=f"{teams}/metadata",
            to_bot_from_emulator_open_id_metadata_url=f"{teams}/metadata",
        )
    )

    async def echo(context: TurnContext) -> None:
        reply = TurnContext.apply_conversation_reference(
            Activity(type="message", text=context.activity.text, summary=context.activity.text),
            TurnContext.get_conversation_reference(context.activity),
        )
        await context.send_activity(reply)

    async def handle(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        await adapter.process_activity(request.headers["Authorization"], activity, echo)
        return web.Response(status=200)

    site = web.Application()
    site.router.add_post("/api/messages", handle)
    await serve(site)


async def doorstep(api_url: str, teams: str) -> None:
    from adapters.http import make_app
    from adapters.settings import Settings
    from adapters.wiring import build
    from storage import schema
    from storage.store import Store
    from tests.fakes.slack import SECRET, TOKEN
    from tests.fakes.teams import settings_for

    url = f"sqlite:///{Path(tempfile.mkdtemp()) / 'bench.db'}"
    store = Store(url)
    schema.upgrade(store)
    store.engine.dispose()
    slack = {"slack_api_url": api_url, "slack_bot_token": TOKEN, "slack_signing_secret": SECRET}
    allowed = {"teams_allowed_tenants": ",".join(tenants(100))}
    settings = Settings(_env_file=None, database_url=url, **slack, **settings_for(teams), **allowed)
    house = await build(settings)
    house.worker.start()
    await serve(make_app(house))


def tenants(count: int) -> list[str]:
    """Made-up tenants that Doorstep serves here."""
    return [f"tenant-{number}" for number in range(count)]


async def serve(app: object) -> None:
    from adapters.http import Server

    server = Server(app, "127.0.0.1", 0)  # type: ignore[arg-type]
    await server.start()
    print(server.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run({"bolt": bolt, "botbuilder": botbuilder, "doorstep": doorstep}[sys.argv[1]](*sys.argv[2:]))
