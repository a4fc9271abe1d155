"""Teams' door: `POST /api/messages`.

The order is: prove the token, parse, check where it is from, store, answer. A bad request is 401, 403 or 400, never 500, and
nothing of a body is logged.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.schema import Activity, ActivityTypes

from adapters.errors import DeliveryError
from adapters.gateway import Gateway
from adapters.metrics import TURNS
from adapters.settings import Settings
from adapters.teams.connector import Connector
from adapters.teams.entra import Entra
from adapters.teams.errors import NotAnActivity, Refused
from adapters.teams.handler import INVOKE, TENANT, ConnectorAdapter, Handler
from adapters.teams.keys import Keys
from adapters.teams.sender import TeamsPlatform
from adapters.teams.service_urls import DOWNLOADS, Origins
from adapters.teams.trust import Trust
from bot.phrases import Phrases
from storage.errors import StorageDown

log = logging.getLogger("doorstep.teams")

HANDLED = frozenset({
    ActivityTypes.message, ActivityTypes.invoke, ActivityTypes.conversation_update, ActivityTypes.installation_update,
})  # fmt: skip


@dataclass(frozen=True)
class Teams:
    """What Teams needs in a process: how to send, and how to check and take what comes in."""

    platform: TeamsPlatform
    connector: Connector
    entra: Entra
    trust: Trust

    @classmethod
    def make(cls, settings: Settings, session: aiohttp.ClientSession, chance: Callable[[], float]) -> "Teams":
        """From the settings, on the process's one session."""
        service_urls = Origins(settings.service_urls)
        seconds = time.monotonic
        app_id, password = settings.microsoft_app_id, settings.microsoft_app_password
        entra = Entra(session, settings.token_url, app_id, password, seconds)
        connector = Connector(session, entra, service_urls, Origins(DOWNLOADS), chance)
        keys = Keys(session, settings.teams_openid_metadata_url, seconds)
        trust = Trust(app_id, keys, settings.tenants, service_urls, time.time)
        return cls(TeamsPlatform(connector), connector, entra, trust)


class TeamsDoor:
    """The route's handler."""

    def __init__(
        self, teams: Teams, gateway: Gateway, phrases: Phrases, clock: Callable[[], datetime], at: Callable[[str], None]
    ) -> None:
        self._teams = teams
        self._handler = Handler(gateway, phrases)
        self._adapter = ConnectorAdapter(teams.connector)
        self._clock = clock
        self._at = at

    async def handle(self, request: web.Request) -> web.Response:
        """`POST /api/messages`."""
        try:
            proof = await self._teams.trust.prove(request.headers.get("Authorization", ""))
            body = _object(await request.read())
            tenant = self._teams.trust.admit(body, proof)
            self._at("verified")
            activity = self._activity(body)
        except Refused as error:
            TURNS.labels("teams", "refused").inc()
            log.warning("turned away with %s: %s", error.status, error)
            return web.Response(status=error.status)
        if activity is None:
            TURNS.labels("teams", "ignored").inc()
            return web.Response(status=200)
        self._at("parsed")
        return await self._answer(activity, tenant)

    async def _answer(self, activity: Activity, tenant: str) -> web.Response:
        context = TurnContext(self._adapter, activity)
        context.turn_state[TENANT] = tenant
        try:
            await self._handler.on_turn(context)
        except StorageDown as error:
            log.error("storage is down, Teams is asked to send it again: %s", error)
            return web.Response(status=503)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            TURNS.labels("teams", "unreadable").inc()
            log.warning("a signed activity could not be read: %s", type(error).__name__)
            return web.Response(status=400)
        self._at("acknowledged")
        answer = context.turn_state.get(INVOKE)
        if answer is None or answer.body is None:
            return web.Response(status=answer.status if answer else 200)
        return web.json_response(answer.body, status=answer.status)

    def _activity(self, body: Mapping[str, Any]) -> Activity | None:
        """The activity; None for a kind that asks nothing of us.

        Raises:
            NotAnActivity: it lacks what Teams always sends.
        """
        if not isinstance(body.get("type"), str) or not body["type"]:
            raise NotAnActivity("no type")
        if body["type"] not in HANDLED:
            return None
        for part, key in (("from", "id"), ("conversation", "id"), ("recipient", "id")):
            inner = body.get(part)
            if not isinstance(inner, dict) or not isinstance(inner.get(key), str) or not inner[key]:
                raise NotAnActivity(f"no {part}.{key}")
        if not isinstance(body.get("id"), str) or not isinstance(body.get("text", ""), str | None):
            raise NotAnActivity("no id, or a text that is none")
        try:
            activity = Activity().deserialize(body)
        except Exception as error:  # msrest raises many kinds on odd shapes, some of them plain Exception
            raise NotAnActivity(type(error).__name__) from error
        activity.timestamp = activity.timestamp or self._clock()
        return activity

    async def check(self) -> str | None:
        """`complaint_of` our own token client."""
        return await complaint_of(self._teams.entra)


async def complaint_of(entra: Entra) -> str | None:
    """Ask Entra for a token; a plain line when it refuses. Never on the way of a message."""
    try:
        await entra.token()
    except DeliveryError as error:
        return f"Teams: {error}. Check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID."
    return None


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise NotAnActivity("no JSON") from error
    if not isinstance(body, dict):
        raise NotAnActivity("no JSON object")
    return body
