"""The two servers that are compared, each in a process of its own: Bolt's plainest echo, and Doorstep.

    python -m bench.servers bolt|doorstep SLACK_API_URL

prints its port when it listens.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

STARTED = time.process_time()


async def bolt(api_url: str) -> None:
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


async def doorstep(api_url: str) -> None:
    from adapters.http import make_app
    from adapters.settings import Settings
    from adapters.wiring import build
    from storage import schema
    from storage.store import Store
    from tests.fakes.slack import SECRET, TOKEN

    url = f"sqlite:///{Path(tempfile.mkdtemp()) / 'bench.db'}"
    store = Store(url)
    schema.upgrade(store)
    store.engine.dispose()
    settings = Settings(
        _env_file=None, database_url=url, slack_api_url=api_url, slack_bot_token=TOKEN, slack_signing_secret=SECRET
    )
    house = await build(settings)
    house.worker.start()
    await serve(make_app(house))


async def serve(app: object) -> None:
    from adapters.http import Server

    server = Server(app, "127.0.0.1", 0)  # type: ignore[arg-type]
    await server.start()
    print(server.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run({"bolt": bolt, "doorstep": doorstep}[sys.argv[1]](sys.argv[2]))
