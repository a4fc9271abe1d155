"""What the gateway and delivery ask of a platform. Slack, the playground and the terminal each are one."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from storage.buckets import Limit
from storage.outbox import Action, Parcel

Pictures = Mapping[str, bytes]
"""The photos that a card shows, by id, each as the JPEG that is kept. One that was erased meanwhile isn't there."""

NO_PICTURES: Pictures = MappingProxyType({})


class Platform(Protocol):
    """One place where people talk to the bot."""

    name: str

    def limits(self, action: Action, address: dict[str, Any], conversation: str) -> Sequence[Limit]:
        """The rate limits that a send falls under."""
        ...

    async def send(self, parcel: Parcel, pictures: Pictures = NO_PICTURES) -> str | None:
        """Render and send; the platform's id of the message, for later edits.

        Raises:
            DeliveryError: one of its kinds, see `adapters.errors`.
        """
        ...


def nowhere(step: str) -> None:
    """The probe of a program that is not under test: does nothing at any step."""
