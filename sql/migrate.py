"""Brings a ledger to the schema of this version: applies each pending numbered migration once."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import asyncpg

from sql import MIGRATIONS, load
from sql.restored import adopt

# Any number works if every version of calltally that migrates this database uses the same number.
_TURN = 0x63616C6C
# A longer wait for a table would hold up every transaction that queues behind this one.
_LOCK_TIMEOUT = "10s"
_CONNECTS_WITHIN_SECONDS = 10.0

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_SQL = load("migrations")


class MigrationError(Exception):
    """The migration to this version's schema failed; the message states the reason. Nothing is left half done."""


@dataclass(frozen=True)
class Migration:
    """One numbered step of the schema, from its file."""

    number: int
    name: str
    text: str

    @property
    def checksum(self) -> bytes:
        """SHA-256 of the text. It reveals a file that changed after it was applied."""
        return sha256(self.text.encode()).digest()


async def migrate(url: str, folder: Path = MIGRATIONS) -> list[str]:
    """Apply the pending migrations and make the ledger usable; returns the names of the applied migrations.

    Rows that were restored from another server join the transactions of this one.

    Two processes that start together never collide: the second waits for the first and has nothing left to apply.
    Raises MigrationError.
    """
    migrations = read_migrations(folder)
    applied: list[str] = []
    async with _connect(url) as connection:
        while _missing(migrations, await _fetch_applied(connection)):
            applied += await _apply_next(connection, migrations)
        if not await connection.fetchval(_SQL["is_usable"]):
            await _make_usable(connection)
        await adopt(connection)
    return applied


async def list_pending(url: str, folder: Path = MIGRATIONS) -> list[str]:
    """The names of the migrations that this ledger still lacks; changes nothing. Raises MigrationError."""
    async with _connect(url) as connection:
        missing = _missing(read_migrations(folder), await _fetch_applied(connection))
    return [migration.name for migration in missing]


def read_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations of a folder in order. Raises MigrationError unless they are numbered 1, 2, 3 and so on."""
    migrations = [_read(path) for path in sorted(folder.glob("*.sql"))]
    if [migration.number for migration in migrations] != list(range(1, len(migrations) + 1)):
        raise MigrationError(f"The migrations in {folder} are not numbered one by one from 0001.")
    return migrations


def _read(path: Path) -> Migration:
    match = _FILE_NAME.fullmatch(path.name)
    if match is None:
        raise MigrationError(f"{path.name} is not named like 0001_create_ledger.sql.")
    return Migration(int(match[1]), path.stem, path.read_text(encoding="utf-8"))


@asynccontextmanager
async def _connect(url: str) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(
        url, timeout=_CONNECTS_WITHIN_SECONDS, server_settings={"application_name": "calltally migrate"}
    )
    try:
        yield connection
    finally:
        await connection.close()


async def _fetch_applied(connection: "asyncpg.Connection[asyncpg.Record]") -> list[asyncpg.Record]:
    exists = await connection.fetchval(_SQL["exists"])
    return await connection.fetch(_SQL["list"]) if exists else []


def _missing(migrations: Sequence[Migration], applied: Sequence[asyncpg.Record]) -> Sequence[Migration]:
    """The migrations after the applied ones. Raises MigrationError if an applied one is unknown or has changed."""
    for row, migration in zip(applied, migrations, strict=False):
        if (row["number"], row["sha256"]) != (migration.number, migration.checksum):
            raise MigrationError(
                f"{migration.name} is not what was applied to this ledger as {row['name']}: the file was changed "
                "afterwards. Restore it, and put the change into a new migration."
            )
    if len(applied) > len(migrations):
        newest = applied[-1]["name"]
        raise MigrationError(f"This ledger is newer than this calltally, which does not know {newest}: upgrade it.")
    return migrations[len(applied) :]


async def _apply_next(connection: "asyncpg.Connection[asyncpg.Record]", migrations: Sequence[Migration]) -> list[str]:
    """Apply one migration in a transaction of its own, unless another process was faster."""
    async with connection.transaction():
        await connection.execute(_SQL["take_turn"], _TURN)
        missing = _missing(migrations, await _fetch_applied(connection))
        if not missing:
            return []
        await connection.execute(_SQL["limit_waiting"], _LOCK_TIMEOUT)
        if not await connection.fetchval(_SQL["exists"]):
            await connection.execute(_SQL["create"])
        await _apply(connection, missing[0])
    return [missing[0].name]


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration) -> None:
    try:
        await connection.execute(migration.text)
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{migration.name} could not be applied: {error.message}.") from error
    await connection.execute(_SQL["record"], migration.number, migration.name, migration.checksum)


async def _make_usable(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Create a first account if there is none, and allow this login to act in the service role."""
    async with connection.transaction():
        await connection.execute(_SQL["take_turn"], _TURN)
        await connection.execute(_SQL["ensure_default_account"])
        try:
            await connection.execute(_SQL["let_login_serve"])
        except asyncpg.InsufficientPrivilegeError as error:
            raise MigrationError(
                "This login may not act in the role of the service; an administrator of the server can allow it: "
                "GRANT calltally_service TO the login."
            ) from error
