"""Sends to Teams, within the limits of learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit."""

from collections.abc import Sequence
from typing import Any

from adapters.errors import MessageGone
from adapters.photos import thumbnails
from adapters.platform import NO_PICTURES, Pictures
from adapters.teams.cards import activity
from adapters.teams.connector import Connector
from bot.reply import Card, Issued
from bot.turn import Attachment
from storage.buckets import Limit
from storage.outbox import Action, Parcel


class TeamsPlatform:
    """Teams as a platform of `adapters.platform`."""

    name = "teams"

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    def limits(self, action: Action, address: dict[str, Any], conversation: str) -> Sequence[Limit]:
        """7 in a second, 8 in two, 60 in thirty and 1,800 in an hour for a conversation; for the tenant 30 a second, never 50.

        Each limit keeps two windows: in `t` seconds at most `burst + t / interval` leave. The tenant's 30 are a mean: what a
        pause held up, or nobody needed, may follow faster, at a rate that no second sees 50 at.
        """
        where = address.get("conversation") or conversation
        return (
            Limit(f"now:{where}"[:160], 1.0, 6),
            Limit(f"hour:{where}"[:160], 2.06, 44),
            Limit("tenant", 1 / 30, 300),
            Limit("tenant now", 1 / 44, 4),
        )

    async def send(self, parcel: Parcel, pictures: Pictures = NO_PICTURES) -> str | None:
        """See `Platform.send`. An address without a conversation is a person that we write to first: one is opened."""
        issued = Issued(Card.from_json(parcel.content), parcel.card_id or "", parcel.revision)
        message, address = activity(issued, parcel.rung, await thumbnails(pictures)), parcel.address
        service_url = str(address["service_url"])
        conversation = str(address.get("conversation") or "") or await self._open(service_url, address)
        if parcel.action == "update":
            if not (target := parcel.message_id or address.get("card")):
                raise MessageGone("nobody knows where the card is")
            await self._connector.update(service_url, conversation, target, {**message, "id": target})
            return str(target)
        return await self._connector.send(service_url, conversation, message)

    async def _open(self, service_url: str, address: dict[str, Any]) -> str:
        tenant = {"id": address["tenant"]}
        parameters = {
            "bot": {"id": address["bot"]},
            "members": [{"id": address["user"]}],
            "tenantId": address["tenant"],
            "channelData": {"tenant": tenant},
            "isGroup": False,
        }
        return await self._connector.create(service_url, parameters)

    async def fetch(self, attachment: Attachment, tenant: str) -> bytes:
        """See `PhotoSource.fetch`."""
        return await self._connector.photo(attachment.url, signed=attachment.signed)
