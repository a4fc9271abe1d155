"""Installing the app in many workspaces: `GET /slack/install` and `GET /slack/oauth_redirect`.

The state is bound to the browser that began, by a cookie, and is consumed in one statement: a stolen one is of no use, nor is
the same one again.
"""

import hmac
import html
import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urljoin

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import SCOPES
from adapters.slack.tokens import InstalledTokens, locked
from storage import audit, installations, people
from storage.errors import StorageDown
from storage.installations import InstallationRecord
from storage.secrets import Vault
from storage.store import Connection, Store

log = logging.getLogger("doorstep.slack")

COOKIE = "doorstep_install"
PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Doorstep</title>"
    "<body style='font:1.1rem system-ui;max-width:32rem;margin:15vh auto;padding:0 1rem'><h1>{title}</h1><p>{text}</p>"
)


class SlackInstall:
    """The two routes."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        tokens: InstalledTokens,
        client: AsyncWebClient,
        credentials: tuple[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._vault = vault
        self._tokens = tokens
        self._client = client
        self._credentials = credentials
        self._clock = clock

    async def begin(self, request: web.Request) -> web.Response:
        """Send the browser to Slack's page of consent."""
        state = secrets.token_urlsafe(32)
        try:
            await self._store.run(lambda c: installations.begin(c, state, self._clock()))
        except StorageDown:
            return _page(503, "Not just now", "The install can't begin. Try again in a minute.")
        query = urlencode({"client_id": self._credentials[0], "scope": ",".join(SCOPES), "state": state})
        answer = web.Response(
            status=302, headers={"Location": f"{urljoin(self._client.base_url, '/oauth/v2/authorize')}?{query}"}
        )
        is_tls = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
        answer.set_cookie(COOKIE, state, max_age=600, httponly=True, samesite="Lax", secure=is_tls, path="/slack")
        return answer

    async def finish(self, request: web.Request) -> web.Response:
        """Slack sent the browser back: exchange the code for tokens and keep them."""
        state, cookie = request.query.get("state", ""), request.cookies.get(COOKIE, "")
        bound = bool(state) and hmac.compare_digest(state.encode(), cookie.encode())
        if not bound or not await self._store.run(lambda c: installations.consume(c, state, self._clock())):
            return _page(
                400, "That link has been used or is too old", 'Begin again at <a href="/slack/install">the install page</a>.'
            )
        if request.query.get("error"):
            return _page(200, "Not installed", "Nothing was changed. You can begin again at any time.")
        try:
            answer = await self._client.oauth_v2_access(
                client_id=self._credentials[0], client_secret=self._credentials[1], code=request.query.get("code", "")
            )
        except SlackApiError as error:
            return _page(
                400, "Slack said no", f"Slack's reason: {html.escape(str(error.response.get('error', 'none given')))}."
            )
        except (aiohttp.ClientError, TimeoutError):
            return _page(502, "Slack can't be reached", "Begin again in a minute.")
        data = answer.data if isinstance(answer.data, dict) else {}
        external = workspace_of(data)
        await self._store.run(lambda c: self._keep(c, external, data))
        self._tokens.forget(external)
        name = html.escape(str((data.get("team") or data.get("enterprise") or {}).get("name") or "your workspace"))
        return _page(200, f"Doorstep is in {name}", "Write to it in a direct message, or type /standards anywhere.")

    def _keep(self, connection: Connection, external: str, data: dict[str, Any]) -> None:
        now = self._clock()
        tenant = people.tenant_id(connection, "slack", external, now)
        enterprise = (data.get("enterprise") or {}).get("id")
        scopes, bot = str(data.get("scope", "")), str(data.get("bot_user_id", ""))
        record = InstallationRecord(
            tenant, **locked(self._vault, data, now), bot_user_id=bot, enterprise_id=enterprise, scopes=scopes
        )
        installations.put(connection, record, now)
        audit.note(connection, tenant, None, "install", "slack", now)


def workspace_of(data: dict[str, Any]) -> str:
    """The id an installation is kept under: the org's for one that is org-wide, else the workspace's."""
    if data.get("is_enterprise_install"):
        return str(data["enterprise"]["id"])
    return str(data["team"]["id"])


def _page(status: int, title: str, text: str) -> web.Response:
    body = PAGE.format(title=title, text=text)
    return web.Response(status=status, text=body, content_type="text/html", headers={"Cache-Control": "no-store"})
