"""The commands that keep running: run, web, worker and chat."""

import asyncio
import gc
import logging
import signal
import sys
from contextlib import suppress

from adapters import settings as settings_module
from adapters.http import Server, make_app
from adapters.settings import Settings
from adapters.terminal import TerminalPlatform, chat
from adapters.web.platform import WebPlatform
from adapters.web.playground import Playground, furnish
from adapters.wiring import House, build, new_id, utc_now
from storage import schema
from storage.store import Store


def _logging(level: int = logging.INFO) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for chatty in ("alembic", "botbuilder", "slack_bolt", "slack_sdk", "aiohttp", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _migrate(settings: Settings, *, own: bool) -> None:
    """`run` and `chat` own their database and bring it up to date; `web` and `worker` only look, as the release step did it."""
    store = Store(settings.database)
    try:
        if own:
            schema.upgrade(store)
        else:
            schema.check(store)
    finally:
        store.engine.dispose()


def run(*, playground: bool, web: bool) -> int:
    """Serve until told to stop."""
    _logging()
    settings = settings_module.load()
    _migrate(settings, own=playground)
    asyncio.run(_serve(settings, playground=playground, web=web))
    return 0


async def _serve(settings: Settings, *, playground: bool, web: bool) -> None:
    page = WebPlatform(new_id()[:6]) if playground else None
    house = await build(settings, *([page] if page else []))
    gc.freeze()  # the pack and what was learned stay: the collector needn't walk them, a tenth of a second each time
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = None
    try:
        if web:
            app = make_app(house)
            if page:
                await house.store.run(lambda connection: furnish(connection, house.clock()))
                Playground(page, house.gateway, house.clock, new_id).add_to(app)
            server = Server(app, settings.host, settings.port)
            await server.start()
        house.worker.start()
        sockets = await house.slack.connect(settings.slack_app_token) if house.slack and settings.slack_app_token else None
        _announce(settings, house, server, playground=playground)
        checking = asyncio.create_task(_check_platforms(house))
        await stop.wait()
        checking.cancel()
        if sockets:
            await sockets()
    finally:
        if server:
            await server.stop()
        await house.close()


async def _check_platforms(house: House) -> None:
    """Say at start what a platform refuses, rather than with the first message."""
    for door in (house.slack, house.teams):
        if door and (complaint := await door.check()):
            logging.getLogger("doorstep").error(complaint)


def _announce(settings: Settings, house: House, server: Server | None, *, playground: bool) -> None:
    """Say what is on, and where."""
    about = house.pack.about
    counts = f"{len(house.pack.standards)} standards, {len(house.pack.cards)} safety cards, {len(house.pack.entries)} rules"
    print(f"{about.name} {about.version}: {counts}. Database: {house.store.url.get_backend_name()}.", flush=True)
    sockets = ", by Socket Mode" if settings.slack_app_token else ""
    slack = (
        f"Slack is on{sockets}." if house.slack else "Slack is off: set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET to turn it on."
    )
    print(slack, flush=True)
    print("Teams is on." if house.teams else "Teams is off: set MICROSOFT_APP_ID and its companions to turn it on.", flush=True)
    if server is None:
        print("The worker is running.", flush=True)
    elif playground:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        shown = host if settings.is_loopback else "127.0.0.1"
        print("Try typing: what does the standard say about shoe covers", flush=True)
        print(f"Open the playground: http://{shown}:{server.port}/", flush=True)
    else:
        print(f"Listening on {settings.host}:{server.port}.", flush=True)


def talk(role: str) -> int:
    """`doorstep chat`."""
    _logging(logging.ERROR)
    settings = settings_module.load()
    _migrate(settings, own=True)
    asyncio.run(_talk(settings, role))
    return 0


async def _talk(settings: Settings, role: str) -> None:
    platform = TerminalPlatform(sys.stdout)
    house = await build(settings, platform)
    house.worker.start()
    print("Ask, or type help. An empty line or exit ends it." if sys.stdin.isatty() else "", end="\n", flush=True)
    try:
        await chat(platform, house.gateway, sys.stdin, role, utc_now, new_id)
    finally:
        await house.close()
