"""What the gateway and delivery ask of a platform. Slack, the playground and the terminal each are one."""

from collections.abc import Sequence
from typing import Any, Protocol

from storage.buckets import Limit
from storage.outbox import Action, Parcel


class Platform(Protocol):
    """One place where people talk to the bot."""

    name: str

    def limits(self, action: Action, address: dict[str, Any], conversation: str) -> Sequence[Limit]:
        """The rate limits that a send falls under."""
        ...

    async def send(self, parcel: Parcel) -> str | None:
        """Render and send; the platform's id of the message, for later edits.

        Raises:
            DeliveryError: one of its kinds, see `adapters.errors`.
        """
        ...


def nowhere(step: str) -> None:
    """The probe of a program that is not under test: does nothing at any step."""
