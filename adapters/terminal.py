"""`doorstep chat`: the bot in a terminal, every card as its text twin."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TextIO

from adapters.gateway import Gateway
from adapters.platform import NO_PICTURES, Pictures
from bot.plain import plain
from bot.reply import Card
from bot.turn import Turn
from storage.buckets import Limit
from storage.errors import StorageDown
from storage.outbox import Action, Parcel

PATIENCE = 10.0


class TerminalPlatform:
    """The terminal as a platform of `adapters.platform`."""

    name = "terminal"

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._said = asyncio.Event()

    def limits(self, action: Action, address: dict[str, Any], conversation: str) -> Sequence[Limit]:
        """None."""
        return ()

    async def send(self, parcel: Parcel, pictures: Pictures = NO_PICTURES) -> str | None:
        """Print the card; a photo is its caption here."""
        self._out.write("\n" + plain(Card.from_json(parcel.content)) + "\n\n")
        self._out.flush()
        self._said.set()
        return str(parcel.id)

    def listen(self) -> None:
        """From now on, wait for the next card."""
        self._said.clear()

    async def answered(self) -> bool:
        """Whether a card came within ten seconds."""
        try:
            await asyncio.wait_for(self._said.wait(), PATIENCE)
        except TimeoutError:
            return False
        return True


async def chat(
    platform: TerminalPlatform,
    gateway: Gateway,
    lines: TextIO,
    role: str,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
) -> None:
    """Read lines until the input ends; one turn a line."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, lines.readline):
        text = line.strip()
        if text.lower() in ("exit", "bye"):
            return
        turn = Turn(
            "terminal", "terminal", f"{role}", f"chat:{role}", new_id(), clock(), text=text, roles=(role,), reach={"chat": role}
        )
        platform.listen()
        try:
            await gateway.receive(turn)
        except StorageDown:
            continue
        await platform.answered()
