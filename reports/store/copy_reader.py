"""Reading rows out of PostgreSQL by COPY: a thread works on one block of rows while the next one arrives.

COPY is the fastest way out of PostgreSQL. At most two blocks are in memory at a time, plus what their taker keeps.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
T = TypeVar("T")


class CopyReader(Generic[T]):
    """Reads the rows of one statement as CSV, in blocks of whole rows.

    work: makes something of a block, in a thread, one block at a time. take: receives what was made, in order; the
    next block is not worked on before the last one is taken. block_bytes: how large a block is, at least.
    """

    def __init__(self, work: Callable[[bytes], T], take: Callable[[T], Awaitable[None]], block_bytes: int) -> None:
        self._work = work
        self._take = take
        self._block_bytes = block_bytes
        self._buffer = bytearray()
        self._working: asyncio.Future[T] | None = None
        self._failure: Exception | None = None
        self._discarding = False

    async def read(self, connection: Connection, statement: str, arguments: Sequence[object]) -> None:
        """Read all rows of a statement.

        An error of `work` is raised at the end, as asyncpg may hang when a reader fails halfway. An error of `take` is
        raised at once and ends the COPY; the connection can be used again after its transaction has ended.
        """
        copying = asyncio.ensure_future(
            connection.copy_from_query(statement, *arguments, output=self._write, format="csv")
        )
        try:
            await asyncio.shield(copying)
            await self._finish()
        except asyncio.CancelledError:
            # A COPY that stops halfway leaves the connection waiting for ever: read the rest and throw it away.
            self._discarding = True
            await asyncio.wait([copying])
            raise
        finally:
            if self._working is not None:
                await asyncio.wait([self._working])

    async def _write(self, data: bytes) -> None:
        """Receive what has arrived: always whole rows, as the server sends them."""
        if self._discarding:
            return
        self._buffer += data
        if len(self._buffer) >= self._block_bytes:
            await self._next_block()

    async def _finish(self) -> None:
        if self._buffer and not self._discarding:
            await self._next_block()
        for result in await self._worked():
            await self._take(result)
        if self._failure is not None:
            raise self._failure

    async def _next_block(self) -> None:
        results = await self._worked()
        block, self._buffer = bytes(self._buffer), bytearray()
        if not self._discarding:
            self._working = asyncio.ensure_future(asyncio.to_thread(self._work, block))
        for result in results:
            await self._take(result)

    async def _worked(self) -> list[T]:
        """What the thread made of its block; nothing when there was no block, or it failed."""
        if self._working is None:
            return []
        working, self._working = self._working, None
        try:
            return [await working]
        except Exception as failure:  # noqa: BLE001  whatever it is, read() raises it at the end
            self._failure = failure
            self._discarding = True
            return []


async def expect_many(connection: Connection) -> None:
    """Prepare a transaction for rows of versions: the planner cannot tell how many come, and would join one by one."""
    await connection.execute("SELECT set_config('enable_nestloop', 'off', true)")
