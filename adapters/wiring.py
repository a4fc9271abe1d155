"""Puts the pieces together. The only place that knows all of them; time, chance and the probe for tests are passed in here."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import aiohttp

from adapters.api.webhooks import Webhooks
from adapters.delivery import Delivery
from adapters.gateway import Gateway
from adapters.learned import engine_of
from adapters.photos import Photos
from adapters.platform import Platform, nowhere
from adapters.rounds import Rounds
from adapters.settings import Settings
from adapters.slack.app import SlackDoor
from adapters.slack.oauth import SlackInstall
from adapters.slack.sender import SlackPlatform
from adapters.slack.setup import Slack
from adapters.turns import TurnRoom
from adapters.worker import Worker
from bot.engine import Engine
from content import Pack
from storage.files import FileStore
from storage.secrets import Vault
from storage.store import Store

if TYPE_CHECKING:
    from adapters.teams.app import TeamsDoor


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def new_id() -> str:
    """An id that nobody can guess, for a card."""
    return secrets.token_urlsafe(9)


@dataclass
class House:
    """Everything that runs in one process."""

    settings: Settings
    pack: Pack
    store: Store
    engine: Engine
    gateway: Gateway
    delivery: Delivery
    worker: Worker
    webhooks: Webhooks
    slack: SlackDoor | None
    teams: "TeamsDoor | None"
    session: aiohttp.ClientSession
    clock: Callable[[], datetime]
    slack_install: SlackInstall | None = None

    async def close(self) -> None:
        """Stop taking, finish what runs, close what is open."""
        await self.worker.stop()
        await self.gateway.close()
        await self.session.close()
        await self.store.close()


def read_pack(settings: Settings) -> Engine:
    """Load the pack and what was learned from it. Raises PackError."""
    return engine_of(settings.doorstep_pack, settings.doorstep_encoder, settings.doorstep_data)


async def build(
    settings: Settings,
    *platforms: Platform,
    clock: Callable[[], datetime] = utc_now,
    ids: Callable[[], str] = new_id,
    at: Callable[[str], None] = nowhere,
    engine: Engine | None = None,
) -> House:
    """Build the house on an event loop. `platforms` are the local ones: the playground, the terminal.

    Raises:
        PackError: the pack can't be used.
        StorageDown: the database can't be reached.
    """
    engine = engine or read_pack(settings)
    store = Store(settings.database)
    session = aiohttp.ClientSession()
    by_name: dict[str, Platform] = {platform.name: platform for platform in platforms}
    photos = Photos(FileStore(settings.files), ids)
    slack = Slack.make(settings, store, session, clock) if settings.slack_is_on else None
    if slack:
        platform = SlackPlatform(slack.tokens, settings.slack_api_url, session)
        by_name["slack"] = photos.sources["slack"] = platform
    delivery = Delivery(store, by_name, engine.phrases, clock, ids, at, photos.shown_on)
    room = TurnRoom(store, engine, delivery.postbox, photos, clock, at)
    gateway = Gateway(store, room, delivery, clock, at)
    door = SlackDoor(slack.tokens, slack.client, settings.slack_signing_secret, gateway, clock, at) if slack else None
    teams = _teams(settings, session, by_name, photos)
    teams_door = teams and teams(gateway, engine.phrases, clock, at)
    vault = Vault(settings.secrets) if settings.secrets else None
    webhooks = Webhooks(store, engine, vault, session, clock, delivery.wake)
    worker = Worker(store, gateway, delivery, photos.files, Rounds(engine, clock), webhooks, clock)
    return House(
        settings,
        engine.pack,
        store,
        engine,
        gateway,
        delivery,
        worker,
        webhooks,
        door,
        teams_door,
        session,
        clock,
        slack.install if slack else None,
    )


def _teams(
    settings: Settings, session: aiohttp.ClientSession, by_name: dict[str, Platform], photos: Photos
) -> "Callable[..., TeamsDoor] | None":
    """Teams' platform among the others, and how to make its door; botbuilder is imported only where Teams is on."""
    if not settings.teams_is_on:
        return None
    from adapters.teams.app import Teams, TeamsDoor  # noqa: PLC0415

    teams = Teams.make(settings, session, random.random)
    by_name["teams"] = teams.platform
    photos.sources["teams"] = teams.platform
    return partial(TeamsDoor, teams)
