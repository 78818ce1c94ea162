"""The record of an import in the ledger: it makes the import resumable, and only one process can run it."""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from service.config import SetupError
from service.importing.file_time import FileTime
from service.platform.db import Connection, Pool, account_transaction, acquire
from sql import load

_SQL = load("import_runs")


@dataclass(frozen=True)
class Counts:
    """The numbers of rows by result."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(self.all, other.all, strict=True)))

    @property
    def all(self) -> tuple[int, int, int, int]:
        """Created, updated, unchanged and rejected, in this order."""
        return self.created, self.updated, self.unchanged, self.rejected


@dataclass(frozen=True)
class Run:
    """An import's record when it was opened.

    rows_done: the rows of the file that are imported already; counts: their results.
    imported_at: when the same file was last imported completely with the same mapping, if ever.
    observed_at: when the file knew its rows; the same file again has the time of its last import.
    """

    id: int
    rows_done: int
    counts: Counts
    imported_at: datetime | None
    observed_at: datetime


def fingerprint(path: Path, mapping: Path | None, *options: str | None) -> bytes:
    """The identity of a file with its mapping: a SHA-256 of both, and of options that replace the mapping's."""
    digest = hashlib.sha256("".join(option or "" for option in options).encode())
    for part in filter(None, (path, mapping)):
        with part.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.digest()


@asynccontextmanager
async def held_run(
    pool: Pool, account_id: int, resource: str, file_key: bytes, path: Path, time: FileTime, *, restart: bool
) -> AsyncGenerator[Run]:
    """The unfinished run of this file, or a new one, for this process alone while the block runs.

    file_key: the fingerprint of the file and its mapping.

    Raises SetupError while another process imports it. The ledger releases the run when the process dies.
    """
    async with acquire(pool) as holder:
        run = None
        while run is None:
            async with account_transaction(pool, account_id) as connection:
                file = (file_key, path.name, time.at, time.is_stated)
                run_id: int = await connection.fetchval(_SQL["start"], account_id, resource, *file)
            if not await holder.fetchval(_SQL["hold"], run_id):
                raise SetupError(f"{path} is being imported by another process at this moment")
            async with account_transaction(pool, account_id) as connection:
                if restart:
                    await connection.execute(_SQL["restart"], account_id, run_id)
                # None if the process that held it has finished it in between.
                run = await _find(connection, account_id, resource, file_key)
        yield run


async def _find(connection: Connection, account_id: int, resource: str, file_key: bytes) -> Run | None:
    row = await connection.fetchrow(_SQL["find_unfinished"], account_id, resource, file_key)
    if row is None:
        return None
    before: datetime | None = await connection.fetchval(_SQL["find_finished"], account_id, resource, file_key)
    return Run(row["id"], row["rows_done"], _counts(row), before, row["observed_at"])


def _counts(row: asyncpg.Record) -> Counts:
    return Counts(row["created"], row["updated"], row["unchanged"], row["rejected"])


async def advance(connection: Connection, account_id: int, run: Run, before: int, done: int, counts: Counts) -> None:
    """Record, in the caller's transaction, that rows before..done are imported. Raises SetupError if out of order."""
    noted = await connection.fetchval(_SQL["advance"], account_id, run.id, before, done, *counts.all)
    if noted is None:
        raise SetupError("Another process has continued this import; run the command again to see its progress")


async def finish(pool: Pool, account_id: int, run: Run) -> Counts:
    """Close the run durably, with everything written before; returns the results of all rows."""
    async with account_transaction(pool, account_id) as connection:
        [row] = await connection.fetch(_SQL["finish"], account_id, run.id)
    return _counts(row)
