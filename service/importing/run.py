"""Importing one file: a thread reads and checks each chunk while the ledger stores the chunks before it."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from service.accounts.accounts import Account, Accounts
from service.importing import codes
from service.importing.chunks import Source, after
from service.importing.file_time import FileTime
from service.importing.findings import Findings
from service.importing.known_rows import count_known
from service.importing.language.mapping import FileMapping
from service.importing.prepare import PreparedChunk, prepare
from service.importing.progress import Meter
from service.importing.reading.open_file import open_source, read_chunks
from service.importing.rejects import Rejects, free_path
from service.importing.run_record import Counts, Run, finish, held_run
from service.importing.write import Writer, WriteResult
from service.ingest.resources import Sender
from service.platform.db import open_pool

# One chunk is staged while the one before it is merged; both need a connection, and so does the lock of the run.
_AT_ONCE = 2
_CONNECTIONS = _AT_ONCE + 2
# How many rows with older values the summary names.
_MOST_NAMED = 10


@dataclass(frozen=True)
class ImportJob:
    """What to import, and how.

    time: when the file knew its rows; rejects_path: the file for rejected rows; is_rejects_named: whether a person
    named it. chunk: the number of rows in a transaction. is_piped: whether the rows came through a pipe.
    """

    path: Path
    mapping: FileMapping
    fingerprint: bytes
    account_id: int
    time: FileTime
    rejects_path: Path
    chunk: int
    restart: bool = False
    is_rejects_named: bool = False
    is_piped: bool = False


@dataclass
class ImportResult:
    """The result of an import.

    run: the import's run, as it was at the start; None for a dry run.
    counts: of all rows, including those of earlier processes.
    rows, superseded_rows: the rows of this process, and those with a value older than the ledger's. superseded: the
    fields of the first of these rows, by line.
    codes: the disposition codes of these rows without a definition.
    skipped: the rows of this process that the mapping leaves out, by reason.
    known: for a dry run, the valid rows with a key that the ledger has.
    rejects_path: the file with the rejected rows. findings: what people should know about accepted rows.
    """

    rejects_path: Path

    counts: Counts = field(default_factory=Counts)
    run: Run | None = None
    rows: int = 0
    known: int = 0
    superseded_rows: int = 0
    superseded: dict[int, Sequence[str]] = field(default_factory=dict[int, Sequence[str]])
    codes: set[str] = field(default_factory=set[str])
    skipped: Counter[str] = field(default_factory=Counter[str])
    findings: Findings = field(default_factory=Findings)

    def add(self, prepared: PreparedChunk, written: WriteResult) -> None:
        """Add a chunk to the counts."""
        self.counts += written.counts
        self.rows += len(prepared.chunk)
        self.superseded_rows += len(written.superseded)
        self.superseded |= islice(written.superseded.items(), _MOST_NAMED - len(self.superseded))
        self.skipped += prepared.skipped
        self.findings.add(prepared.chunk, prepared.findings)
        self.codes |= {code for table, code in prepared.codes if table == "disposition_codes"}

    @property
    def valid(self) -> int:
        """The rows of this process that were neither rejected nor skipped."""
        return self.rows - self.counts.rejected - self.skipped.total()


@dataclass(frozen=True)
class PreparedStep:
    """A prepared chunk, and the share of the file that has been read with it."""

    prepared: PreparedChunk
    share: float


async def import_file(url: str, job: ImportJob, meter: Meter) -> ImportResult:
    """Import a file, from the point where an earlier process stopped. Raises SetupError."""
    with open_source(job.path, job.mapping) as source:
        async with await open_pool(url, most=_CONNECTIONS) as pool:
            account = await Accounts(pool).get(job.account_id)
            await codes.configure(pool, account, job.mapping)
            key = job.mapping.resource, job.fingerprint
            async with held_run(pool, job.account_id, *key, job.path, job.time, restart=job.restart) as run:
                path = _rejects_path(job, run.counts.rejected)
                result = ImportResult(path, run.counts, run)
                rejects = Rejects(path, job.mapping, source.columns, run.counts.rejected)
                writer = Writer(pool, account, run, job.mapping.facts)
                sender = _sender(account, job.mapping, run.observed_at)
                async with aclosing(_chunks(job, sender, source, run.rows_done)) as chunks:
                    await _write(writer, chunks, rejects, result, meter)
                result.counts = await finish(pool, job.account_id, run)
            result.codes = set(await codes.unexplained(pool, account, result.codes))
            return result


async def check_file(url: str, job: ImportJob, meter: Meter) -> ImportResult:
    """Check every row of a file without storing any. Raises SetupError."""
    with open_source(job.path, job.mapping) as source:
        async with await open_pool(url, most=1) as pool:
            account = await Accounts(pool).get(job.account_id)
            path = _rejects_path(job, 0)
            result = ImportResult(path)
            rejects = Rejects(path, job.mapping, source.columns, 0)
            sender = _sender(account, job.mapping, job.time.at)
            async with aclosing(_chunks(job, sender, source, 0)) as chunks:
                async for ready in chunks:
                    rejects.append(ready.prepared)
                    result.add(ready.prepared, WriteResult(Counts(rejected=len(ready.prepared.rejected))))
                    result.known += await count_known(pool, job.account_id, ready.prepared, job.mapping.facts)
                    meter.show(ready.share, result.rows)
        return result


def _rejects_path(job: ImportJob, rejected_before: int) -> Path:
    return free_path(job.rejects_path, is_named=job.is_rejects_named, rejected_before=rejected_before)


async def _chunks(job: ImportJob, sender: Sender, source: Source, rows_done: int) -> AsyncGenerator[PreparedStep]:
    """The chunks that are not imported yet; each is prepared while the caller works on the one before."""
    chunks = after(read_chunks(job.path, job.mapping, source, job.chunk), rows_done)

    def step() -> PreparedStep | None:
        chunk = next(chunks, None)
        if chunk is None:
            return None
        return PreparedStep(prepare(chunk, job.mapping, sender), source.share_read)

    ahead = asyncio.create_task(asyncio.to_thread(step))
    try:
        while (ready := await ahead) is not None:
            ahead = asyncio.create_task(asyncio.to_thread(step))
            yield ready
    finally:
        # The file may be closed only after its reader has stopped.
        await asyncio.gather(ahead, return_exceptions=True)


def _sender(account: Account, mapping: FileMapping, observed_at: datetime) -> Sender:
    """The values that rows may leave out. A region in the mapping applies to the whole file."""
    sender = replace(Sender.of(account), observed_at=observed_at)
    return replace(sender, region=mapping.region, regions={}) if mapping.region else sender


async def _write(
    writer: Writer, chunks: AsyncGenerator[PreparedStep], rejects: Rejects, result: ImportResult, meter: Meter
) -> None:
    """Write the chunks in order, some at once: each merge waits for the merge before it."""
    running: deque[tuple[PreparedStep, asyncio.Task[WriteResult]]] = deque()

    async def finish_oldest() -> None:
        ready, task = running.popleft()
        result.add(ready.prepared, await task)
        meter.show(ready.share, result.rows)

    try:
        async for ready in chunks:
            previous = running[-1][1] if running else None
            writing = writer.write(ready.prepared, previous, rejects.append)
            running.append((ready, asyncio.create_task(writing)))
            if len(running) == _AT_ONCE:
                await finish_oldest()
        while running:
            await finish_oldest()
    finally:
        tasks = [task for _, task in running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
