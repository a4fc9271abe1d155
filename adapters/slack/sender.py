"""Sends to Slack: messages, edits, private answers and home views, with every failure told apart.

slack_sdk's client runs on one shared aiohttp session and without its own retries: a retry inside the client could double a
message, and a rate limit belongs to the outbox.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.errors import (
    DeliveryError,
    MaybeSent,
    MessageGone,
    Misconfigured,
    NotRendered,
    NotSent,
    RateLimited,
    Unreachable,
)
from adapters.photos import download
from adapters.platform import NO_PICTURES, Pictures
from adapters.slack.blocks import home, render
from adapters.slack.pictures import share
from adapters.slack.tokens import Tokens
from bot.reply import Card, Issued
from bot.turn import Attachment
from storage.buckets import Limit
from storage.outbox import Action, Parcel
from storage.secrets import SecretLost

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=4)
RETRY_AFTER = 5.0

GONE = frozenset({
    "account_inactive", "cannot_dm_bot", "channel_not_found", "is_archived", "messages_tab_disabled", "not_in_channel",
    "restricted_action", "team_access_not_granted", "user_disabled", "user_is_bot", "user_not_found", "user_not_visible",
})  # fmt: skip
OURS = frozenset({
    "access_denied", "ekm_access_denied", "invalid_arguments", "invalid_auth", "missing_scope", "no_permission",
    "not_allowed_token_type", "not_authed", "org_login_required", "token_expired", "token_revoked",
})  # fmt: skip
LOOKS = frozenset({
    "invalid_arg_name", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text",
    "view_too_large",
})  # fmt: skip
MESSAGE_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
AGAIN = frozenset({"request_timeout", "service_unavailable", "team_added_to_org", "HTTP 502", "HTTP 503", "HTTP 504"})
REMEMBERED = 1_000
OWN_CHAT = "D"
FILE_HOSTS = frozenset({"files.slack.com"})
PRIVATE_HOSTS = frozenset({"hooks.slack.com"})


def client_of(token: str | None, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """slack_sdk's client as we use it."""
    return AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])


class SlackPlatform:
    """Slack as a platform of `adapters.platform`."""

    name = "slack"

    def __init__(self, tokens: Tokens, api_url: str, session: aiohttp.ClientSession) -> None:
        self._tokens = tokens
        self._clients: dict[str, AsyncWebClient] = {}
        self._api_url = api_url
        self._session = session
        self._hosts = PRIVATE_HOSTS | {urlsplit(api_url).netloc}

    async def client(self, tenant: str) -> AsyncWebClient:
        """The workspace's client. Raises Misconfigured when the app isn't installed there, or its token can't be read."""
        try:
            token = await self._tokens.token(tenant)
        except SecretLost as error:
            raise Misconfigured(str(error)) from error
        if token is None:
            raise Misconfigured("the app isn't installed in this workspace")
        if token not in self._clients:
            if len(self._clients) >= REMEMBERED:
                self._clients.clear()
            self._clients[token] = client_of(token, self._api_url, self._session)
        return self._clients[token]

    async def fetch(self, attachment: Attachment, tenant: str) -> bytes:
        """See `PhotoSource.fetch`. Our token goes to Slack's file servers and nowhere else."""
        if urlsplit(attachment.url).netloc not in FILE_HOSTS | {urlsplit(self._api_url).netloc}:
            raise Unreachable("a photo at an address that isn't Slack's")
        client = await self.client(tenant)
        return await download(self._session, attachment.url, {"Authorization": f"Bearer {client.token}"})

    def limits(self, action: Action, address: dict[str, Any], conversation: str) -> Sequence[Limit]:
        """Slack's published tiers, with a little room: one message a second in a channel, and a ceiling for the workspace."""
        match action:
            case "send":
                channel = Limit(f"send:{address.get('channel') or conversation}", 1.0)
                return (channel, Limit("send", 0.25, 57))
            case "update":
                return (Limit("update", 1.2, 50),)
            case "home":
                return (Limit("home", 0.7, 40),)

    async def send(self, parcel: Parcel, pictures: Pictures = NO_PICTURES) -> str | None:
        """See `Platform.send`."""
        issued = Issued(Card.from_json(parcel.content), parcel.card_id or "", parcel.revision)
        if parcel.action == "home":
            await self._call(parcel, "views.publish", user_id=parcel.address["user"], view=home(issued))
            return None
        text, blocks = render(issued, parcel.rung)
        if parcel.address.get("ephemeral"):
            return await self._private(parcel, text, blocks)
        if parcel.action == "update" and parcel.message_id:
            address = {"channel": parcel.address["channel"], "ts": parcel.message_id}
            await self._call(parcel, "chat.update", **address, text=text, blocks=blocks)
            await self._share(parcel, address["channel"], issued.card, pictures)
            return parcel.message_id
        thread = {"thread_ts": parcel.address["thread"]} if parcel.address.get("thread") else {}
        quiet = {"unfurl_links": False, "unfurl_media": False}
        answer = await self._call(
            parcel, "chat.postMessage", channel=parcel.address["channel"], text=text, blocks=blocks, **thread, **quiet
        )
        await self._share(parcel, str(answer.get("channel", "")), issued.card, pictures)
        return str(answer["ts"])

    async def _share(self, parcel: Parcel, channel: str, card: Card, pictures: Pictures) -> None:
        """The card's photos, under it. Only in a person's own chat: elsewhere others would see them."""
        if not pictures or not channel.startswith(OWN_CHAT):
            return
        thread = {"thread_ts": str(parcel.address["thread"])} if parcel.address.get("thread") else {}
        hosts = FILE_HOSTS | {urlsplit(self._api_url).netloc}
        client = await self.client(parcel.tenant)
        await share(client, self._session, hosts, {"channel_id": channel, **thread}, (card, pictures))

    async def _private(self, parcel: Parcel, text: str, blocks: list[dict[str, Any]]) -> str | None:
        """Only for the person's eyes: by the link that Slack gave, else as an ephemeral message, else in their own chat."""
        message = {"text": text, "blocks": blocks}
        link = parcel.address.get("response_url", "")
        if urlsplit(link).scheme in ("https", "http") and urlsplit(link).netloc in self._hosts:
            edit = {"replace_original": parcel.action == "update", "response_type": "ephemeral"}
            try:
                await self._by_link(link, {**message, **edit})
            except (NotSent, MessageGone):
                pass  # the link is spent or can't be reached; nothing was shown
            else:
                return None
        user = parcel.address["user"]
        try:
            await self._call(parcel, "chat.postEphemeral", channel=parcel.address["channel"], user=user, **message)
        except Unreachable:
            answer = await self._call(parcel, "chat.postMessage", channel=user, **message)
            return str(answer["ts"])
        return None

    async def _by_link(self, link: str, message: dict[str, Any]) -> None:
        try:
            async with self._session.post(link, json=message, timeout=TIMEOUT, allow_redirects=False) as answer:
                status, wait = answer.status, answer.headers.get("Retry-After")
        except aiohttp.ClientConnectorError as error:
            raise NotSent("no connection to the link") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MaybeSent(type(error).__name__) from error
        if status == 429:
            raise _limited(wait)
        if status >= 500:
            raise MaybeSent(f"HTTP {status}")
        if status >= 300:
            raise MessageGone(f"HTTP {status}")

    async def _call(self, parcel: Parcel, method: str, **arguments: Any) -> dict[str, Any]:
        """One Web API call; every failure as a DeliveryError."""
        try:
            client = await self.client(parcel.tenant)
            answer = await client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _meaning(error) from error
        except aiohttp.ClientConnectorError as error:
            raise NotSent("no connection to Slack") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise MaybeSent(type(error).__name__) from error
        return answer.data if isinstance(answer.data, dict) else {}


def _meaning(error: SlackApiError) -> DeliveryError:
    """Which of our kinds an answer of Slack's is."""
    response = error.response
    status = getattr(response, "status_code", 200)
    data = response.data if isinstance(getattr(response, "data", None), dict) else {}
    code = str(data.get("error", "")) or f"HTTP {status}"
    if status == 429 or code == "ratelimited":
        headers = {key.lower(): value for key, value in dict(response.headers or {}).items()}
        return _limited(headers.get("retry-after"))
    if code in GONE:
        return Unreachable(code)
    if code in OURS:
        return Misconfigured(code)
    if code in LOOKS:
        return NotRendered(code)
    if code in MESSAGE_GONE:
        return MessageGone(code)
    if code in AGAIN:
        return NotSent(code)
    return MaybeSent(code)


def _limited(header: Any) -> RateLimited:
    try:
        return RateLimited(max(0.5, float(header[0] if isinstance(header, list) else header)), told=True)
    except (TypeError, ValueError, IndexError):
        return RateLimited(RETRY_AFTER, told=False)
