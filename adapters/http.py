"""The web application: the platforms' doors, what other systems read, and what an operator's tools look at."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import generate_latest

from adapters.api.feed import Feed
from adapters.metrics import REGISTRY
from adapters.wiring import House
from storage import schema
from storage.errors import StorageError

BODY_LIMIT = 4 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(house: House) -> web.Application:
    """The routes of a web process. The playground adds its own under `doorstep run`."""
    app = web.Application(client_max_size=BODY_LIMIT)

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def ready(_: web.Request) -> web.Response:
        try:
            await house.store.run(schema.check_on)
        except StorageError as error:
            return web.Response(status=503, text=f"not ready: {error}\n")
        return web.Response(text="ready\n")

    async def metrics(_: web.Request) -> web.Response:
        await house.worker.measure()
        return web.Response(
            body=generate_latest(REGISTRY), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", metrics)
    Feed(house.store, house.pack).add_to(app)
    house.webhooks.add_to(app)
    app.router.add_post("/slack/events", house.slack.handle if house.slack else _off("Slack", "SLACK_BOT_TOKEN"))
    if house.slack_install:
        app.router.add_get("/slack/install", house.slack_install.begin)
        app.router.add_get("/slack/oauth_redirect", house.slack_install.finish)
    app.router.add_post("/api/messages", house.teams.handle if house.teams else _off("Teams", "MICROSOFT_APP_ID"))
    return app


def _off(platform: str, setting: str) -> Handler:
    """The door of a platform whose settings are missing."""

    async def off(_: web.Request) -> web.Response:
        return web.Response(status=404, text=f"{platform} is off: set {setting} and its companions, see doorstep doctor.\n")

    return off


class Server:
    """The web application on a socket."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        self._host = host
        self._port = port
        self.port = port

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop accepting and finish the requests that run."""
        await self._runner.cleanup()
