"""Importing one file: chunk after chunk is read and checked in a thread while the ledger takes those before it."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from service.accounts.accounts import Account, Accounts
from service.importing import codes
from service.importing.chunks import Source, after
from service.importing.mapping import FileMapping
from service.importing.open_file import open_source, read_chunks
from service.importing.prepare import Prepared, prepare
from service.importing.progress import Meter
from service.importing.rejects import Rejects
from service.importing.run_record import Counts, Run, finish, held_run
from service.importing.write import Writer, Written
from service.ingest.resources import Sender
from service.platform.db import open_pool

# One chunk is staged while the one before it is merged; both have a connection, and the run's hold has one.
_AT_ONCE = 2
_CONNECTIONS = _AT_ONCE + 2


@dataclass(frozen=True)
class Order:
    """What to import, and how.

    rejected: the file for the rows that cannot be taken; chunk: how many rows make a transaction.
    """

    path: Path
    mapping: FileMapping
    fingerprint: bytes
    account_id: int
    rejected: Path
    chunk: int
    restart: bool = False


@dataclass
class Result:
    """What became of a file.

    run: as it was found, of an import that stores; counts: of all rows, those of earlier processes included.
    rows, outranked: the rows of this process, and how many of them hold a value that is not the one kept.
    codes: the disposition codes of these rows that nobody has explained.
    """

    counts: Counts = field(default_factory=Counts)
    run: Run | None = None
    rows: int = 0
    outranked: int = 0
    codes: set[str] = field(default_factory=set[str])

    def add(self, prepared: Prepared, written: Written) -> None:
        """Count a chunk."""
        self.counts += written.counts
        self.rows += len(prepared.chunk)
        self.outranked += written.outranked
        self.codes |= {code for table, code in prepared.codes if table == "disposition_codes"}


@dataclass(frozen=True)
class Ready:
    """A chunk that is checked, and the share of the file that is read with it."""

    prepared: Prepared
    share: float


async def import_file(url: str, order: Order, meter: Meter) -> Result:
    """Bring a file into the ledger, from where an earlier process left it. Raises SetupError."""
    with open_source(order.path, order.mapping) as source:
        async with await open_pool(url, most=_CONNECTIONS) as pool:
            account = await Accounts(pool).get(order.account_id)
            await codes.configure(pool, account, order.mapping)
            key = order.mapping.resource, order.fingerprint
            async with held_run(pool, order.account_id, *key, order.path, restart=order.restart) as run:
                result = Result(run.counts, run)
                rejects = Rejects(order.rejected, order.mapping, source.columns, run.counts.rejected)
                writer = Writer(pool, account, run, order.mapping.target.resource.fact)
                async with aclosing(_chunks(order, account, source, run.rows_done)) as chunks:
                    await _write(writer, chunks, rejects, result, meter)
                result.counts = await finish(pool, order.account_id, run)
            result.codes = set(await codes.unexplained(pool, account, result.codes))
            return result


async def check_file(url: str, order: Order, meter: Meter) -> Result:
    """Check every row of a file and store none of them. Raises SetupError."""
    with open_source(order.path, order.mapping) as source:
        async with await open_pool(url, most=1) as pool:
            account = await Accounts(pool).get(order.account_id)
        result = Result()
        rejects = Rejects(order.rejected, order.mapping, source.columns, 0)
        async with aclosing(_chunks(order, account, source, 0)) as chunks:
            async for ready in chunks:
                rejects.append(ready.prepared)
                result.add(ready.prepared, Written(Counts(rejected=len(ready.prepared.refusals)), 0))
                meter.show(ready.share, result.rows)
        return result


async def _chunks(order: Order, account: Account, source: Source, rows_done: int) -> AsyncGenerator[Ready]:
    """The chunks that are not in yet, each made ready while the one before is with whoever asked for it."""
    chunks = after(read_chunks(order.path, order.mapping, source, order.chunk), rows_done)

    def step() -> Ready | None:
        chunk = next(chunks, None)
        if chunk is None:
            return None
        return Ready(prepare(chunk, order.mapping, _sender(account, order.mapping)), source.share_read)

    ahead = asyncio.create_task(asyncio.to_thread(step))
    try:
        while (ready := await ahead) is not None:
            ahead = asyncio.create_task(asyncio.to_thread(step))
            yield ready
    finally:
        # The file may be closed only when nobody reads it any more.
        await asyncio.gather(ahead, return_exceptions=True)


def _sender(account: Account, mapping: FileMapping) -> Sender:
    """What rows may leave out. A region named by the mapping is that of the whole file."""
    sender = Sender.of(account)
    return replace(sender, region=mapping.region, regions={}) if mapping.region else sender


async def _write(writer: Writer, chunks: AsyncGenerator[Ready], rejects: Rejects, result: Result, meter: Meter) -> None:
    """Write the chunks in their order, some at once: each waits with its merge for the one before."""
    under_way: deque[tuple[Ready, asyncio.Task[Written]]] = deque()

    async def settle() -> None:
        ready, task = under_way.popleft()
        result.add(ready.prepared, await task)
        meter.show(ready.share, result.rows)

    try:
        async for ready in chunks:
            turn = under_way[-1][1] if under_way else None
            writing = writer.write(ready.prepared, turn, partial(rejects.append, ready.prepared))
            under_way.append((ready, asyncio.create_task(writing)))
            if len(under_way) == _AT_ONCE:
                await settle()
        while under_way:
            await settle()
    finally:
        tasks = [task for _, task in under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
