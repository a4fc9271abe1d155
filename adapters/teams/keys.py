"""The Bot Framework's signing keys: fetched without holding up the loop, one fetch at a time, seldom enough for junk.

botbuilder's own cache blocks the event loop, and an unknown key id ends in an error until the cache is a day old: a rotated
key would mean a day of silence. Here an unknown id fetches anew, at most a few times in a row and then once a minute, so that
made-up ids can't hammer the issuer.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import aiohttp
import jwt

from adapters.teams.errors import NoKeys

log = logging.getLogger("doorstep.teams")

ISSUER = "https://api.botframework.com"
TIMEOUT = aiohttp.ClientTimeout(total=5)
FRESH_SECONDS = 24 * 3600.0
WAIT_SECONDS = 1.4
BURST = 5
INTERVAL_SECONDS = 60.0
LONGEST = 1024 * 1024


class Keys:
    """The keys by their ids, with what each is endorsed for; `issuer` is who signs with them."""

    def __init__(self, session: aiohttp.ClientSession, metadata_url: str, seconds: Callable[[], float]) -> None:
        self._session = session
        self._metadata_url = metadata_url
        self._seconds = seconds
        self._keys: dict[str, jwt.PyJWK] = {}
        self._endorsed: dict[str, frozenset[str]] = {}
        self._fetched_at: float | None = None
        self._next_at = 0.0
        self._fetching: asyncio.Task[None] | None = None
        self.issuer = ISSUER

    async def find(self, key_id: str) -> tuple[jwt.PyJWK, frozenset[str]] | None:
        """The key and its endorsements; None when the issuer doesn't have it.

        Raises:
            NoKeys: no key was ever fetched and none can be now, or the issuer is slow to say.
        """
        if key_id not in self._keys and self._may_fetch():
            await self._fetch()
        elif self._fetched_at is not None and self._seconds() - self._fetched_at > FRESH_SECONDS and self._may_fetch():
            self._start()
        if not self._keys:
            raise NoKeys("the issuer's keys can't be fetched")
        found = self._keys.get(key_id)
        return (found, self._endorsed[key_id]) if found else None

    def _may_fetch(self) -> bool:
        """Whether a fetch runs that can be joined, or one may begin: a few in a row, then one a minute."""
        return self._fetching is not None or self._next_at - INTERVAL_SECONDS * (BURST - 1) <= self._seconds()

    def _start(self) -> asyncio.Task[None]:
        if self._fetching is None:
            now = self._seconds()
            self._next_at = max(self._next_at, now) + INTERVAL_SECONDS
            self._fetching = asyncio.get_running_loop().create_task(self._read())
        return self._fetching

    async def _fetch(self) -> None:
        """Wait for a fetch, but not so long that an invoke would be answered late; the fetch goes on for the next request."""
        task = self._start()
        await asyncio.wait({task}, timeout=WAIT_SECONDS)
        if not task.done():
            raise NoKeys("the issuer is slow")

    async def _read(self) -> None:
        try:
            metadata = await self._json(self._metadata_url)
            keys = (await self._json(str(metadata["jwks_uri"])))["keys"]
            rsa = {str(key["kid"]): key for key in keys if key.get("kty") == "RSA" and "kid" in key}
            self._keys = {key_id: jwt.PyJWK(key, "RS256") for key_id, key in rsa.items()}
            self._endorsed = {key_id: frozenset(key.get("endorsements") or ()) for key_id, key in rsa.items()}
            self.issuer = str(metadata.get("issuer") or ISSUER)
            self._fetched_at = self._seconds()
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
            log.error("the Bot Framework's keys could not be fetched: %s", type(error).__name__)
        finally:
            self._fetching = None

    async def _json(self, url: str) -> Any:
        async with self._session.get(url, timeout=TIMEOUT) as answer:
            answer.raise_for_status()
            return json.loads(await answer.content.read(LONGEST))
