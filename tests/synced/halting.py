"""A sync that waits at every step until it is told to go on: what others do meanwhile, they do in the middle of it."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from queue import SimpleQueue

import asyncpg

from reports.store.lake import Lake
from reports.store.ledger import Ledger
from reports.store.sync import Step, sync
from tests.synced.scene import Scene, snapshot

Place = tuple[str, Step]


class Halting:
    """A sync in a thread of its own; it takes its snapshot before it first halts."""

    def __init__(self, url: str, account: int, lake: Lake) -> None:
        self._of = (url, account, lake)
        self._halts: SimpleQueue[Place | None] = SimpleQueue()
        self._turns = threading.Semaphore(0)
        self._halted = False
        self._thread = asyncio.create_task(asyncio.to_thread(self._run))

    async def reach(self, table: str, step: Step) -> None:
        """Let it go on until it has done a step."""
        while (place := await self._next()) != (table, step):
            assert place is not None, "it never got there"

    async def finish(self) -> None:
        """Let it go on to its end. Raises what it raises."""
        while await self._next() is not None:
            pass
        await self._thread

    async def _next(self) -> Place | None:
        if self._halted:
            self._turns.release()
        place = await asyncio.to_thread(self._halts.get)
        self._halted = place is not None
        return place

    def _run(self) -> None:
        try:
            asyncio.run(self._synchronize())
        finally:
            self._halts.put(None)

    async def _synchronize(self) -> None:
        url, account, lake = self._of
        owner = await asyncpg.connect(url)
        try:
            async with snapshot(owner):
                with Ledger(owner, account) as ledger:
                    await sync(ledger, lake, self._halt)
        finally:
            await owner.close()

    def _halt(self, table: str, step: Step, _done: int, _total: int) -> None:
        self._halts.put((table, step))
        self._turns.acquire()


@asynccontextmanager
async def halting(url: str, account: int, lake: Lake) -> AsyncGenerator[Halting]:
    """A sync that has begun, and has ended when this does."""
    sync = Halting(url, account, lake)
    try:
        yield sync
    except BaseException:
        with suppress(Exception):
            await sync.finish()
        raise
    await sync.finish()


async def overtake(scene: Scene, url: str, step: Step) -> None:
    """A sync begins, another begins and ends, and then the first goes on."""
    async with halting(url, scene.account, scene.lake) as slow:
        await slow.reach("attempts", step)
        await scene.tell(*range(70, 73))
        await scene.synchronize()
        await scene.agrees()
