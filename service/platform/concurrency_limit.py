"""A limit on slow work: a few pieces run at once, a few more wait, and the rest get a clear refusal."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from service.errors import Busy


class ConcurrencyLimit:
    """Runs a few pieces of work at once, lets a few more wait, and refuses the rest.

    label: the name of the work in the refusal.
    """

    def __init__(self, at_once: int, most_waiting: int, label: str = "reports") -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + most_waiting
        self._admitted = 0
        self._label = label

    @asynccontextmanager
    async def slot(self) -> AsyncGenerator[None]:
        """A free slot, as soon as there is one. Raises Busy if too many pieces of work already wait."""
        if self._admitted >= self._most:
            raise Busy(f"Too many {self._label} are being made; ask again in a moment.")
        self._admitted += 1
        try:
            async with self._free:
                yield
        finally:
            self._admitted -= 1
