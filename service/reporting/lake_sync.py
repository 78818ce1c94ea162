"""Bringing the lake up to date: one account and one process at a time, on a schedule or on command."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from time import perf_counter

import structlog
from deltalake.exceptions import CommitFailedError, DeltaError
from polars.exceptions import PolarsError

from reports.query.call_sync import clear_copies, sync_copies
from reports.store.doubts import EngineError
from reports.store.lake import Lake
from reports.store.sync import Progress, SyncedTable, clear, no_progress
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
    thorough: bool = False,
    wait: bool = False,
) -> list[SyncedTable] | None:
    """Bring an account's lake up to date and delete its obsolete files. The connection is in no transaction.

    None if another process is doing so; wait: wait for it, then begin. thorough: open every file to check it. Raises
    CommitFailedError if a program without this lock has written to the lake meanwhile.
    """
    if wait:
        await connection.execute(_SQL["lock"], account_id)
    elif not await connection.fetchval(_SQL["try_lock"], account_id):
        return None
    try:
        return await _sync(connection, lake, account_id, progress, rebuild=rebuild, thorough=thorough)
    finally:
        await connection.execute(_SQL["unlock"], account_id)


async def _sync(
    connection: Connection, lake: Lake, account_id: int, progress: Progress, *, rebuild: bool, thorough: bool
) -> list[SyncedTable]:
    async with open_snapshot(nullcontext(connection), account_id) as snapshot:
        erased = await connection.fetchval(_SQL["erased_recently"], account_id)
        done = await sync_copies(snapshot.ledger, lake, progress, rebuild=rebuild, thorough=thorough)
    if erased or any(table.rows for table in done):
        await asyncio.to_thread(clear, lake, account_id, at_once=erased)
        await asyncio.to_thread(clear_copies, lake, account_id, at_once=erased)
    return done


def lake_sync(pool: Pool, lake: Lake, seconds: float) -> AbstractAsyncContextManager[None]:
    """Bring the lake of every account up to date at this interval until the block ends; never with 0 seconds.

    Reports do without the lake while it cannot be brought up to date. A log line says so once for each reason.
    """
    failures: dict[int, str] = {}
    return repeated(
        lambda: _sync_all(pool, lake, failures),
        seconds=seconds,
        failure="the lake could not be brought up to date",
    )


async def _sync_all(pool: Pool, lake: Lake, failures: dict[int, str]) -> None:
    """Sync every account. failures: the reason of the last failure by account, until the account succeeds."""
    async with acquire(pool) as connection:
        for row in await connection.fetch(_SQL["accounts"]):
            account_id: int = row["account_id"]
            try:
                await _sync_logged(connection, lake, account_id)
                failures.pop(account_id, None)
            except CommitFailedError:
                _log.warning("another program wrote to the lake", account=account_id)
            except (OSError, DeltaError, PolarsError, EngineError) as error:
                if isinstance(error, ConnectionError | TimeoutError):
                    raise
                reason = f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"
                if failures.get(account_id) != reason:
                    failures[account_id] = reason
                    _log.warning("the lake could not be brought up to date", account=account_id, reason=reason)


async def _sync_logged(connection: Connection, lake: Lake, account_id: int) -> None:
    begun = perf_counter()
    done = await sync_account(connection, lake, account_id)
    rows = sum(table.rows for table in done or ())
    if rows:
        ms = round((perf_counter() - begun) * 1000)
        _log.info("lake is up to date", account=account_id, rows=rows, ms=ms)
