"""What a fake platform accepted, in order, for tests that wait for it."""

import asyncio
from collections.abc import Callable
from typing import Any


class Accepted:
    """Calls as they come: `calls` holds all of them, `next` gives out each once."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self._arrived = asyncio.Condition()
        self._read: set[int] = set()

    async def next(self, seconds: float = 8.0, wanted: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next one that is wanted and that nobody has read yet."""
        async with self._arrived:
            await asyncio.wait_for(self._arrived.wait_for(lambda: self._first(wanted) is not None), seconds)
            number = self._first(wanted)
            assert number is not None
            self._read.add(number)
            return self.calls[number]

    def _first(self, wanted: Callable[[Any], bool]) -> int | None:
        return next((n for n, call in enumerate(self.calls) if n not in self._read and wanted(call)), None)
