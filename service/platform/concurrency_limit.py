"""Turns at what takes a while: a few at once, a few more that wait, and a clear answer to whoever comes after those."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from service.errors import Busy


class ConcurrencyLimit:
    """Lets a few things be made at once and a few more wait; whoever comes after those is told to come back.

    things: what they are, for whom is told.
    """

    def __init__(self, at_once: int, most_waiting: int, things: str = "reports") -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + most_waiting
        self._here = 0
        self._things = things

    @asynccontextmanager
    async def slot(self) -> AsyncGenerator[None]:
        """A turn, as soon as there is one. Raises Busy when too many wait already."""
        if self._here >= self._most:
            raise Busy(f"Too many {self._things} are being made; ask again in a moment.")
        self._here += 1
        try:
            async with self._free:
                yield
        finally:
            self._here -= 1
