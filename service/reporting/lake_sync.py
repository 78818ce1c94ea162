"""Keeping the lake up to date: one account at a time, one process at a time, now and then or when told to."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext, suppress
from time import perf_counter

import structlog
from deltalake.exceptions import CommitFailedError

from reports.store.lake import Lake
from reports.store.sync import Progress, Synced, clear, sync, unseen
from service.platform.db import Connection, Pool, acquire
from service.reporting.snapshots import open_snapshot
from sql import load

_SQL = load("lake")
_log = structlog.stdlib.get_logger(__name__)


async def sync_account(
    connection: Connection,
    lake: Lake,
    account_id: int,
    progress: Progress = unseen,
    *,
    rebuild: bool = False,
    wait: bool = False,
) -> list[Synced] | None:
    """Bring an account's lake up to date, and delete what nobody needs any more; the connection is in no transaction.

    None when somebody else is doing so; wait: only then begin. Raises CommitFailedError when a process that knows of
    no lock has written to the lake in the meantime.
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
) -> list[Synced]:
    async with open_snapshot(nullcontext(connection), account_id) as snapshot:
        erased = await connection.fetchval(_SQL["erased_recently"], account_id)
        done = await sync(snapshot.ledger, lake, progress, rebuild=rebuild)
    if erased or any(table.rows for table in done):
        await asyncio.to_thread(clear, lake, account_id, at_once=erased)
    return done


@asynccontextmanager
async def kept_up_to_date(pool: Pool, lake: Lake, seconds: float) -> AsyncGenerator[None]:
    """Bring the lake of every account up to date every so many seconds, as long as this lasts; never with 0 seconds."""
    if not seconds:
        yield
        return
    keeping = asyncio.create_task(_keep(pool, lake, seconds))
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def _keep(pool: Pool, lake: Lake, seconds: float) -> None:
    while True:
        try:
            await _sync_all(pool, lake)
        except Exception:  # noqa: BLE001  whatever it is, the next turn may be better
            # Reports do without the lake meanwhile.
            _log.exception("the lake could not be brought up to date")
        await asyncio.sleep(seconds)


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
