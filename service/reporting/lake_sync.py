"""Keeps the lake up to date: one account at a time, one process at a time, at an interval or on request."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from time import perf_counter

import structlog
from deltalake.exceptions import CommitFailedError

from reports.store.lake import Lake
from reports.store.sync import Progress, SyncedTable, clear, no_progress, sync
from service.platform.background import repeated
from service.platform.db import Connection, Pool, acquire
from service.reporting.snapshots import open_snapshot
from sql import load

_SQL = load("lake")
_log = structlog.stdlib.get_logger(__name__)


async def sync_account(
    connection: Connection,
    lake: Lake,
    account_id: int,
    progress: Progress = no_progress,
    *,
    rebuild: bool = False,
    wait: bool = False,
) -> list[SyncedTable] | None:
    """Bring an account's lake up to date, and delete files no longer in use. The connection is in no transaction.

    Returns None if another process already does so; wait: wait for that process, then begin. Raises CommitFailedError
    if a process without the lock has written to the lake in the meantime.
    """
    if wait:
        await connection.execute(_SQL["lock"], account_id)
    elif not await connection.fetchval(_SQL["try_lock"], account_id):
        return None
    try:
        return await _sync(connection, lake, account_id, progress, rebuild=rebuild)
    finally:
        await connection.execute(_SQL["unlock"], account_id)


async def _sync(
    connection: Connection, lake: Lake, account_id: int, progress: Progress, *, rebuild: bool
) -> list[SyncedTable]:
    async with open_snapshot(nullcontext(connection), account_id) as snapshot:
        erased = await connection.fetchval(_SQL["erased_recently"], account_id)
        done = await sync(snapshot.ledger, lake, progress, rebuild=rebuild)
    if erased or any(table.rows for table in done):
        await asyncio.to_thread(clear, lake, account_id, at_once=erased)
    return done


def lake_sync(pool: Pool, lake: Lake, seconds: float) -> AbstractAsyncContextManager[None]:
    """Bring the lake of every account up to date at an interval in seconds, until the block ends. 0 seconds: never.

    Reports work without the lake while it cannot be brought up to date.
    """
    return repeated(lambda: _sync_all(pool, lake), seconds=seconds, failure="the lake could not be brought up to date")


async def _sync_all(pool: Pool, lake: Lake) -> None:
    async with acquire(pool) as connection:
        for row in await connection.fetch(_SQL["accounts"]):
            begun = perf_counter()
            try:
                done = await sync_account(connection, lake, row["account_id"])
            except CommitFailedError:
                _log.warning("somebody else wrote to the lake", account=row["account_id"])
                continue
            rows = sum(table.rows for table in done or ())
            if rows:
                ms = round((perf_counter() - begun) * 1000)
                _log.info("lake is up to date", account=row["account_id"], rows=rows, ms=ms)
