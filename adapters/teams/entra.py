"""Our own token, from Entra: one POST, kept until shortly before it ends, fetched once however many wait for it."""

import asyncio
import json
import logging
from collections.abc import Callable

import aiohttp

from adapters.errors import DeliveryError, Misconfigured, NotSent, RateLimited

log = logging.getLogger("doorstep.teams")

SCOPE = "https://api.botframework.com/.default"
TIMEOUT = aiohttp.ClientTimeout(total=8, connect=4)
EARLY_SECONDS = 300.0


class Entra:
    """The token client of one app registration."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, app_id: str, password: str, seconds: Callable[[], float]
    ) -> None:
        self._session = session
        self._url = url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": app_id,
            "client_secret": password,
            "scope": SCOPE,
        }
        self._seconds = seconds
        self._token: str | None = None
        self._ends_at = 0.0
        self._fetching: asyncio.Task[str] | None = None

    async def token(self) -> str:
        """A token that is good for some minutes more.

        Raises:
            Misconfigured: Entra refuses the app's id or password.
            NotSent, RateLimited: Entra can't be had just now.
        """
        left = self._ends_at - self._seconds()
        if self._token is None or left <= 0:
            return await asyncio.shield(self._fetch())
        if left < EARLY_SECONDS and self._fetching is None:
            self._fetch().add_done_callback(_look)
        return self._token

    def spoiled(self, token: str) -> None:
        """The connector refused this token; the next call fetches another."""
        if token == self._token:
            self._token = None

    def _fetch(self) -> asyncio.Task[str]:
        if self._fetching is None:
            self._fetching = asyncio.get_running_loop().create_task(self._ask())
            self._fetching.add_done_callback(self._fetched)
        return self._fetching

    def _fetched(self, _: asyncio.Task[str]) -> None:
        self._fetching = None

    async def _ask(self) -> str:
        try:
            async with self._session.post(self._url, data=self._form, timeout=TIMEOUT) as answer:
                body = await answer.read()
                if answer.status == 429:
                    raise RateLimited(float(answer.headers.get("Retry-After", "5")), told=True)
                if answer.status in (400, 401, 403):
                    raise Misconfigured(f"Entra refuses MICROSOFT_APP_ID or MICROSOFT_APP_PASSWORD ({_code(body)})")
                if answer.status != 200:
                    raise NotSent(f"Entra answered {answer.status}")
                data = json.loads(body)
                self._token, life = str(data["access_token"]), float(data.get("expires_in", 3600))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise NotSent(f"no token from Entra ({type(error).__name__})") from error
        self._ends_at = self._seconds() + life - min(30.0, life / 10)
        return self._token


def _look(task: asyncio.Task[str]) -> None:
    """An early fetch that fails is tried again with the next send; the old token still holds."""
    if not task.cancelled() and isinstance(task.exception(), DeliveryError):
        log.warning("the token could not be renewed early: %s", task.exception())


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body).get("error", "no reason given"))[:60]
    except (ValueError, AttributeError):
        return "no reason given"
