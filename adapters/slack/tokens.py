"""Which bot token a workspace's messages go out under: one for all, or each workspace's own from its installation.

Tokens that end are renewed half an hour early, by whoever needs one, scheduled senders too. A lease in the installation's row
makes sure that one process renews at a time: a refresh token is good for once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from storage import installations
from storage.installations import InstallationRecord
from storage.secrets import Vault
from storage.store import Connection, Store

log = logging.getLogger("doorstep.slack")

EARLY = timedelta(minutes=30)
REMEMBER = timedelta(seconds=60)


class Tokens(Protocol):
    """The face that the sender and the door see."""

    async def token(self, tenant: str) -> str | None:
        """The workspace's bot token; None when the app isn't installed there."""
        ...


class OneToken:
    """A single workspace, its token in the settings."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, tenant: str) -> str | None:
        """See `Tokens.token`."""
        return self._token


@dataclass(frozen=True)
class _Known:
    token: str | None
    until: datetime


class InstalledTokens:
    """Many workspaces, each with its installation."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        client: AsyncWebClient,
        credentials: tuple[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._vault = vault
        self._client = client
        self._credentials = credentials
        self._clock = clock
        self._known: dict[str, _Known] = {}

    async def token(self, tenant: str) -> str | None:
        """See `Tokens.token`. Raises StorageDown, and SecretLost for one that can't be read any more."""
        now = self._clock()
        known = self._known.get(tenant)
        if known and known.until > now:
            return known.token
        record = await self._store.run(lambda c: installations.find(c, "slack", tenant))
        token, until = None, now + REMEMBER
        if record and record.bot_token:
            token = self._vault.unlock(record.bot_token)
            if record.ends_at and record.ends_at - now < EARLY:
                token = await self._renewed(record, token)
        self._known[tenant] = _Known(token, until)
        return token

    def forget(self, tenant: str) -> None:
        """The installation changed: look again."""
        self._known.pop(tenant, None)

    async def _renewed(self, record: InstallationRecord, token: str) -> str:
        """A new token, or the present one while another process is at it or Slack can't be reached."""
        now = self._clock()
        if not record.refresh_token or not await self._store.run(lambda c: installations.lease(c, record.tenant_id, now)):
            return token
        refresh = self._vault.unlock(record.refresh_token)
        try:
            answer = await self._client.oauth_v2_access(
                client_id=self._credentials[0],
                client_secret=self._credentials[1],
                grant_type="refresh_token",
                refresh_token=refresh,
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.error("a Slack token could not be renewed: %s", type(error).__name__)
            return token
        new = locked(self._vault, answer.data if isinstance(answer.data, dict) else {}, now)
        await self._store.run(lambda c: self._write(c, record.tenant_id, new))
        return str(answer["access_token"])

    def _write(self, connection: Connection, tenant_id: int, new: dict[str, Any]) -> None:
        installations.renew(connection, tenant_id, new["bot_token"], new["refresh_token"], new["ends_at"])


def locked(vault: Vault, answer: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The tokens of an answer of `oauth.v2.access`, ready to be kept."""
    refresh, life = answer.get("refresh_token"), answer.get("expires_in")
    return {
        "bot_token": vault.lock(str(answer["access_token"])),
        "refresh_token": vault.lock(str(refresh)) if refresh else None,
        "ends_at": now + timedelta(seconds=float(life)) if life else None,
    }
