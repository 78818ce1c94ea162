"""The records of uploads and of saved mappings in the ledger: who, when, and what became of the rows."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import asyncpg

from service.importing.run import ImportResult
from service.platform.db import Connection, Pool, account_transaction
from sql import load

State: TypeAlias = Literal[
    "uploading", "uploaded", "checking", "checked", "importing", "finished", "failed", "cancelled"
]

_SQL = load("uploads")
_MAPPINGS = load("import_mappings")


@dataclass(frozen=True)
class Upload:
    """One uploaded file. share: of the file that its current work has read. known: of the valid rows of a check."""

    id: str
    file_name: str
    bytes: int | None
    state: State
    resource: str | None
    created_at: datetime
    created_by: str
    begun_at: datetime | None
    ended_at: datetime | None
    starts: int
    is_cancelled: bool
    share: float | None
    rows_read: int | None
    valid: int | None
    known: int | None
    created: int | None
    updated: int | None
    unchanged: int | None
    rejected: int | None
    skipped: int | None
    problem: str | None
    removed_at: datetime | None

    @property
    def is_in_work(self) -> bool:
        """Whether it is being checked or imported."""
        return self.state in {"checking", "importing"}


@dataclass(frozen=True)
class Uploads:
    """The uploads of one account."""

    pool: Pool
    account_id: int

    async def begin(self, file_name: str, created_by: str) -> str:
        """Record a file that begins to arrive; returns its id."""
        upload_id = secrets.token_hex(16)
        await self._execute("begin", upload_id, file_name, created_by)
        return upload_id

    async def complete(self, upload_id: str, size: int) -> None:
        """Record that the file has arrived whole. size: in bytes."""
        await self._execute("complete", upload_id, size)

    async def find(self, upload_id: str) -> Upload | None:
        """One upload, if the account has it."""
        async with account_transaction(self.pool, self.account_id, readonly=True) as connection:
            row = await connection.fetchrow(_SQL["find"], self.account_id, upload_id)
        return _upload(row) if row else None

    async def list(self, most: int) -> list[Upload]:
        """The last uploads, newest first."""
        async with account_transaction(self.pool, self.account_id, readonly=True) as connection:
            return [_upload(row) for row in await connection.fetch(_SQL["list"], self.account_id, most)]

    async def count_on_disk(self) -> int:
        """How many uploads of the account still have files."""
        return await self._fetchval("on_disk")

    async def start(self, upload_id: str, resource: str, state: State) -> bool:
        """Let the background check or import a file; returns whether it could begin."""
        return await self._fetchval("start", upload_id, resource, state) is not None

    async def cancel(self, upload_id: str) -> bool:
        """Ask for the end of the current work; returns whether there was any."""
        return await self._fetchval("cancel", upload_id) is not None

    async def take(self, upload_id: str) -> int:
        """Begin the current work in this process; returns how often a process began it, and 0 if there is none."""
        return await self._fetchval("take", upload_id) or 0

    async def advance(self, upload_id: str, share: float, rows: int) -> bool:
        """Record progress; returns whether somebody cancelled the work."""
        return bool(await self._fetchval("advance", upload_id, share, rows))

    async def close_check(self, upload_id: str, result: ImportResult) -> None:
        """Record the result of a dry run."""
        counts = (result.rows, result.valid, result.known, result.counts.rejected, result.skipped.total())
        await self._execute("checked", upload_id, *counts)

    async def close_import(self, upload_id: str, result: ImportResult) -> None:
        """Record the result of an import."""
        await self._execute("finished", upload_id, result.rows, *result.counts.all, result.skipped.total())

    async def stop(self, upload_id: str, state: State, problem: str | None = None) -> None:
        """Record that the work ended without a result."""
        await self._execute("stopped", upload_id, state, problem)

    async def note_removed(self, upload_id: str) -> None:
        """Record that the files of an upload are gone."""
        await self._execute("removed", upload_id)

    async def _execute(self, name: str, *arguments: Any) -> None:
        async with account_transaction(self.pool, self.account_id) as connection:
            await connection.execute(_SQL[name], self.account_id, *arguments)

    async def _fetchval(self, name: str, *arguments: Any) -> Any:
        async with account_transaction(self.pool, self.account_id) as connection:
            return await connection.fetchval(_SQL[name], self.account_id, *arguments)


def _upload(row: asyncpg.Record) -> Upload:
    return Upload(**dict(row.items()))


async def author_names(pool: Pool, account_id: int, authors: Iterable[str]) -> dict[str, str]:
    """The names of people and keys. authors: prefixes of keys, or `user:` and the id of a person."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_SQL["authors"], account_id, sorted(set(authors)))
    return {row["author"]: row["name"] for row in rows}


async def list_mappings(pool: Pool, account_id: int) -> Sequence[asyncpg.Record]:
    """The saved mappings of an account by name: name, resource, content, saved_at, saved_by."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        return await connection.fetch(_MAPPINGS["list"], account_id)


async def find_mapping(pool: Pool, account_id: int, name: str) -> asyncpg.Record | None:
    """A saved mapping: name, resource and content."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        return await connection.fetchrow(_MAPPINGS["find"], account_id, name)


async def save_mapping(pool: Pool, account_id: int, name: str, resource: str, content: str, saved_by: str) -> None:
    """Save a mapping under a name, in place of an earlier one."""
    async with account_transaction(pool, account_id) as connection:
        await connection.execute(_MAPPINGS["save"], account_id, name, resource, content, saved_by)


async def remove_mapping(pool: Pool, account_id: int, name: str) -> bool:
    """Remove a saved mapping; returns whether there was one."""
    async with account_transaction(pool, account_id) as connection:
        return await connection.fetchval(_MAPPINGS["remove"], account_id, name) is not None


async def list_in_work(connection: Connection) -> list[tuple[int, str]]:
    """The uploads of all accounts that are to be checked or imported: account and id, the oldest first."""
    return [tuple(row) for row in await connection.fetch(_SQL["in_work"])]
