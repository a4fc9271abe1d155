"""The Bot Framework's connector over one pooled session: create, send, update, delete, members; and photos.

Every failure becomes one of the kinds of `adapters.errors`. A create or send is never repeated in here: it may have arrived.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

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
from adapters.teams.entra import Entra
from adapters.teams.service_urls import Origins

TIMEOUT = aiohttp.ClientTimeout(total=12, connect=4)
AGAIN = frozenset(
    {412, 502, 503, 504}
)  # "Handle rate limiting" names 412, 502 and 504 as to be sent again; 503 is nobody there
TOO_BIG = frozenset({"MessageSizeTooBig", "RequestEntityTooLarge"})

Body = dict[str, Any]


class Connector:
    """The client. Our token goes only to the allowed service URLs."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        entra: Entra,
        service_urls: Origins,
        downloads: Origins,
        chance: Callable[[], float],
    ) -> None:
        self._chance = chance
        self._session = session
        self._entra = entra
        self._service_urls = service_urls
        self._downloads = downloads

    async def create(self, service_url: str, parameters: Body) -> str:
        """Open a conversation; its id. Raises DeliveryError."""
        return str((await self._call("POST", service_url, "v3/conversations", parameters))["id"])

    async def send(self, service_url: str, conversation: str, activity: Body) -> str | None:
        """Send into a conversation; the message's id, which Teams leaves out for a few kinds. Raises DeliveryError."""
        answer = await self._call("POST", service_url, f"v3/conversations/{_part(conversation)}/activities", activity)
        return str(answer["id"]) if answer.get("id") else None

    async def update(self, service_url: str, conversation: str, message: str, activity: Body) -> None:
        """Change a message where it stands. Raises DeliveryError; MessageGone when it isn't there any more."""
        path = f"v3/conversations/{_part(conversation)}/activities/{_part(message)}"
        await self._call("PUT", service_url, path, activity)

    async def delete(self, service_url: str, conversation: str, message: str) -> None:
        """Take a message back. Raises DeliveryError."""
        await self._call("DELETE", service_url, f"v3/conversations/{_part(conversation)}/activities/{_part(message)}", None)

    async def members(self, service_url: str, conversation: str) -> list[Body]:
        """Everybody in a conversation, page by page. Raises DeliveryError."""
        found: list[Body] = []
        more = ""
        while True:
            path = f"v3/conversations/{_part(conversation)}/pagedmembers?pageSize=200{more}"
            page = await self._call("GET", service_url, path, None)
            found += page.get("members") or []
            token = page.get("continuationToken")
            if not token:
                return found
            more = f"&continuationToken={_part(str(token))}"

    async def _call(self, method: str, service_url: str, path: str, body: Body | None) -> Body:
        if service_url not in self._service_urls:
            raise Misconfigured("the service URL is no longer in TEAMS_SERVICE_URLS")
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True)
        for second_token in (False, True):
            token = await self._entra.token()
            try:
                async with self._session.request(
                    method,
                    url,
                    data=None if body is None else json.dumps(body, separators=(",", ":")).encode(),
                    headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                    timeout=TIMEOUT,
                    allow_redirects=False,
                ) as answer:
                    text = await answer.read()
                    if answer.status == 401 and not second_token:
                        self._entra.spoiled(token)
                        continue
                    if answer.status >= 300:
                        raise _meaning(method, answer.status, answer.headers.get("Retry-After"), text, self._chance)
                    return _object(text)
            except aiohttp.ClientConnectorError as error:
                raise NotSent("no connection to the connector") from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise MaybeSent(type(error).__name__) from error
        raise AssertionError("unreachable: the second token either works or raises")

    async def photo(self, url: str, *, signed: bool) -> bytes:
        """The bytes of a photo. With our token only to allowed hosts and without redirects; a download link gets none.

        Raises:
            DeliveryError: it can't be had; Unreachable when asking again is no use.
        """
        if url not in (self._service_urls if signed else self._downloads) and url not in self._service_urls:
            raise Unreachable("a photo at an address that isn't Microsoft's")
        headers = {"Authorization": f"Bearer {await self._entra.token()}"} if signed else {}
        return await download(self._session, url, headers)


def _part(text: str) -> str:
    return quote(text, safe="")


def _object(text: bytes) -> Body:
    try:
        data = json.loads(text) if text.strip() else {}
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _meaning(method: str, status: int, retry_after: str | None, text: bytes, chance: Callable[[], float]) -> DeliveryError:
    """Which of our kinds an answer is. See "Handle rate limiting" and "Send proactive messages" in Teams' documentation."""
    error = _object(text).get("error")
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    reason = f"{status} {code}".strip()
    if status == 429:
        return _limited(retry_after, chance)
    if status in AGAIN:
        return NotSent(reason)
    if status == 413 or code in TOO_BIG:
        return NotRendered(reason)
    if status == 401:
        return Misconfigured(reason)
    if status == 403:
        return Unreachable(reason)
    if status == 404:
        return MessageGone(reason) if method == "PUT" and code != "ConversationNotFound" else NotSent(reason)
    if 400 <= status < 500:
        return NotRendered(reason)
    return MaybeSent(reason)


def _limited(header: str | None, chance: Callable[[], float]) -> RateLimited:
    """Teams may leave `Retry-After` out: then a second or two, not the same for everybody."""
    try:
        return RateLimited(max(0.5, float(header or "")), told=True)
    except ValueError:
        return RateLimited(1.0 + chance(), told=False)
