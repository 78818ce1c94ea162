"""Retention: removes deliveries older than the settings allow, a few at a time, while the service runs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import structlog

from service.platform.db import Pool, account_transaction, acquire
from sql import load

_SQL = load("inbox")
_ACCOUNTS = load("lake")["accounts"]
_SECONDS = 60.0
# Of an account in one transaction, and how many of these in one turn: more than arrive meanwhile.
MOST_AT_ONCE = 1_000
_MOST_TIMES = 100

_log = structlog.get_logger()


@asynccontextmanager
async def kept_for(pool: Pool, days: int) -> AsyncGenerator[None]:
    """Remove every minute what is older than so many days, as long as this lasts; 0 days: keep everything."""
    if not days:
        yield
        return
    removing = asyncio.create_task(_keep_removing(pool, days))
    try:
        yield
    finally:
        removing.cancel()
        with suppress(asyncio.CancelledError):
            await removing


async def _keep_removing(pool: Pool, days: int) -> None:
    while True:
        try:
            await remove_old(pool, days)
        except Exception:  # noqa: BLE001  whatever it is, the next turn may be better
            _log.exception("old deliveries could not be removed")
        await asyncio.sleep(_SECONDS)


async def remove_old(pool: Pool, days: int) -> int:
    """Remove deliveries older than a number of days from every account; returns how many were removed."""
    async with acquire(pool) as connection:
        accounts = [row["account_id"] for row in await connection.fetch(_ACCOUNTS)]
    before = datetime.now(UTC) - timedelta(days=days)
    return sum([await _remove(pool, account_id, before) for account_id in accounts])


async def _remove(pool: Pool, account_id: int, before: datetime) -> int:
    removed = 0
    for _ in range(_MOST_TIMES):
        async with account_transaction(pool, account_id) as connection:
            gone = await connection.fetch(_SQL["remove"], account_id, before, MOST_AT_ONCE)
        removed += len(gone)
        if len(gone) < MOST_AT_ONCE:
            break
    return removed
