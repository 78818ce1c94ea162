"""The run of an import in the ledger: what makes it resumable, and what keeps two processes from doing it at once."""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from service.config import SetupError
from service.platform.db import Connection, Pool, account_transaction, acquire
from sql import load

_SQL = load("import_runs")


@dataclass(frozen=True)
class Counts:
    """What became of rows."""

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
    """A run as it was found or begun.

    rows_done: how many rows of the file have been brought in before; counts: what became of those.
    imported_at: when the same file was last brought in whole with the same mapping, if it was.
    """

    id: int
    rows_done: int
    counts: Counts
    imported_at: datetime | None


def fingerprint(path: Path, mapping: Path, zone: str | None = None) -> bytes:
    """What tells this file with this mapping from any other: a SHA-256 of both, and of the zone given beside them."""
    digest = hashlib.sha256((zone or "").encode())
    for part in (path, mapping):
        with part.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.digest()


@asynccontextmanager
async def held_run(
    pool: Pool, account_id: int, resource: str, known_by: bytes, path: Path, *, restart: bool
) -> AsyncGenerator[Run]:
    """The unfinished run of this file, else a new one, for this process alone while the block runs.

    known_by: the fingerprint of the file and its mapping.

    Raises SetupError while another process is at it. The ledger lets go of the run when the process dies.
    """
    async with acquire(pool) as holder:
        run = None
        while run is None:
            async with account_transaction(pool, account_id) as connection:
                run_id: int = await connection.fetchval(_SQL["start"], account_id, resource, known_by, path.name)
            if not await holder.fetchval(_SQL["hold"], run_id):
                raise SetupError(f"{path} is being imported by another process at this moment")
            async with account_transaction(pool, account_id) as connection:
                if restart:
                    await connection.execute(_SQL["restart"], account_id, run_id)
                # None when the process that held it has finished it in between.
                run = await _find(connection, account_id, resource, known_by)
        yield run


async def _find(connection: Connection, account_id: int, resource: str, known_by: bytes) -> Run | None:
    row = await connection.fetchrow(_SQL["find_unfinished"], account_id, resource, known_by)
    if row is None:
        return None
    before: datetime | None = await connection.fetchval(_SQL["find_finished"], account_id, resource, known_by)
    return Run(row["id"], row["rows_done"], _counts(row), before)


def _counts(row: asyncpg.Record) -> Counts:
    return Counts(row["created"], row["updated"], row["unchanged"], row["rejected"])


async def advance(connection: Connection, account_id: int, run: Run, before: int, done: int, counts: Counts) -> None:
    """Note, in the caller's transaction, that the rows from one to another are in. Raises SetupError out of turn."""
    noted = await connection.fetchval(_SQL["advance"], account_id, run.id, before, done, *counts.all)
    if noted is None:
        raise SetupError("Another process has gone on with this import; start the command again to see where it is")


async def finish(pool: Pool, account_id: int, run: Run) -> Counts:
    """Close the run, durably and with it everything that was written before; answers what became of all rows."""
    async with account_transaction(pool, account_id) as connection:
        [row] = await connection.fetch(_SQL["finish"], account_id, run.id)
    return _counts(row)
