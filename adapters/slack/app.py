"""Slack's door: `POST /slack/events` for events, taps and commands, and Socket Mode for a trial without a public address.

The order is: check the signature over the raw bytes, parse, store, answer 200. Bolt dispatches; our one middleware stands
before its listeners and is the only thing that acts, because a Bolt listener answers Slack before its work is safe.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from adapters.gateway import Gateway
from adapters.metrics import TURNS
from adapters.slack.blocks import dialog
from adapters.slack.inbound import FORM, LOG_NEW, read, workspace_of
from adapters.slack.tokens import Tokens
from storage.errors import StorageDown
from storage.secrets import SecretLost

log = logging.getLogger("doorstep.slack")

_SIGNATURE = re.compile(r"^v0=[0-9a-f]{64}$")
_TIMESTAMP = re.compile(r"^\d{9,11}$")


def _request(raw: bytes, headers: Mapping[str, str]) -> AsyncBoltRequest | None:
    """Bolt's reading of a body; None for what is no JSON object and no form with one, on which Bolt raises."""
    try:
        request = AsyncBoltRequest(body=raw.decode(), headers={key: [value] for key, value in headers.items()})
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    return request if isinstance(request.body, dict) and request.body else None


class _Keep(AsyncMiddleware):
    """Our middleware. Bolt takes one of its own class as it is; for a plain function it works out the arguments every time."""

    def __init__(self, received: Callable[[dict[str, Any]], Awaitable[BoltResponse | None]]) -> None:
        self._received = received

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Answer, or let Bolt go on."""
        return await self._received(req.body) or await next()


class SlackDoor:
    """Bolt, wired to the gateway."""

    def __init__(
        self,
        tokens: Tokens,
        client: AsyncWebClient,
        signing_secret: str,
        gateway: Gateway,
        clock: Callable[[], datetime],
        at: Callable[[str], None],
    ) -> None:
        self._tokens = tokens
        self._client = client
        self._verifier = SignatureVerifier(signing_secret)
        self._gateway = gateway
        self._clock = clock
        self._at = at
        bolt_log = logging.getLogger("doorstep.slack.bolt")
        bolt_log.setLevel(logging.ERROR)
        self.bolt = AsyncApp(
            signing_secret=signing_secret,
            client=client,
            authorize=self._authorize,
            before_authorize=_Keep(self._received),
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
            logger=bolt_log,
        )

    async def _authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Bolt asks for its own part of a request only, the handshake; who we are is known without asking Slack."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._client.token)

    async def handle(self, request: web.Request) -> web.Response:
        """`POST /slack/events`: 401 unless Slack signed it within the last five minutes, then 200 once it is stored."""
        raw = await request.read()
        if not self._signed(request, raw):
            return web.Response(status=401, text="not signed by Slack")
        self._at("verified")
        bolt_request = _request(raw, request.headers)
        if bolt_request is None:
            return web.Response(status=400, text="not a Slack payload")
        return await to_aiohttp_response(await self.bolt.async_dispatch(bolt_request))

    def _signed(self, request: web.Request, raw: bytes) -> bool:
        """The shape of both headers first: Slack's verifier raises on what isn't a number or isn't ASCII."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _TIMESTAMP.match(timestamp) or not _SIGNATURE.match(signature):
            return False
        try:
            return self._verifier.is_valid(raw, timestamp, signature)
        except UnicodeDecodeError:
            return False

    async def _received(self, body: dict[str, Any]) -> BoltResponse | None:
        """Store and answer. None for Slack's own handshake, which goes on to Bolt."""
        if body.get("type") == "url_verification":
            return None
        if body.get("type") == "shortcut" and body.get("callback_id") == LOG_NEW:
            return await self._open_form(body)
        try:
            turn = read(body, self._clock())
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            TURNS.labels("slack", "unreadable").inc()
            log.warning("a signed payload could not be read: %s", type(error).__name__)
            return BoltResponse(status=200, body="")
        self._at("parsed")
        if turn is None:
            TURNS.labels("slack", "ignored").inc()
            return BoltResponse(status=200, body="")
        try:
            if await self._tokens.token(turn.tenant) is None:
                TURNS.labels("slack", "unknown").inc()
                return BoltResponse(status=200, body="")
            await self._gateway.receive(turn)
        except SecretLost as error:
            log.error("%s", error)
            return BoltResponse(status=200, body="")
        except StorageDown as error:
            log.error("storage is down, Slack is asked to send it again: %s", error)
            return BoltResponse(status=503, body="")
        self._at("acknowledged")
        return BoltResponse(status=200, body="")

    async def _open_form(self, body: dict[str, Any]) -> BoltResponse:
        """Open the log form as a dialog. Slack takes it within three seconds of the tap, so nothing is stored before."""
        card = self._gateway.form_of("report new")
        try:
            token = await self._tokens.token(workspace_of(body))
            if card and token:
                view = dialog(card, FORM)
                await self._client.views_open(trigger_id=str(body["trigger_id"]), view=view, token=token)
        except (SlackApiError, SecretLost, StorageDown, KeyError, OSError, TimeoutError) as error:
            log.warning("the log form could not be opened: %s", type(error).__name__)
        return BoltResponse(status=200, body="")

    async def check(self) -> str | None:
        """Ask Slack whether the one token works; a plain line when it doesn't. Never on the way of a message."""
        if self._client.token is None:
            return None
        try:
            await self._client.auth_test()
        except SlackApiError as error:
            return f"Slack refuses SLACK_BOT_TOKEN ({error.response['error']}): copy the bot token of your app's install page."
        except Exception as error:  # noqa: BLE001  # the edge of a check that must never stop the start
            return f"Slack could not be reached to check SLACK_BOT_TOKEN ({type(error).__name__})."
        return None

    async def connect(self, app_token: str) -> Callable[[], Awaitable[None]]:
        """Start Socket Mode; returns how to stop it."""
        handler = AsyncSocketModeHandler(self.bolt, app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        return handler.close_async
