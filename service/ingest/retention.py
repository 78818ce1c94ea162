"""Retention: removes deliveries and rejected items older than the settings allow, a few at a time."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

from service.platform.background import repeated
from service.platform.db import Pool, account_transaction, acquire
from sql import load

# Removes the oldest rows of an account before a moment, at most so many.
DELIVERIES = load("inbox")["remove"]
REJECTED_ITEMS = load("attention")["remove_rejected"]
_ACCOUNTS = load("lake")["accounts"]
_SECONDS = 60.0
# Rows per account and transaction, and transactions per run: more than arrive between two runs.
MOST_AT_ONCE = 1_000
_MOST_TIMES = 100


def retention(pool: Pool, statement: str, days: int) -> AbstractAsyncContextManager[None]:
    """Remove rows older than a number of days, every minute, until the block ends. 0 days: keep everything."""
    return repeated(
        lambda: remove_old(pool, statement, days),
        seconds=_SECONDS if days else 0,
        failure="old rows could not be removed",
    )


async def remove_old(pool: Pool, statement: str, days: int) -> int:
    """Remove rows older than a number of days from every account; returns the number removed."""
    async with acquire(pool) as connection:
        accounts = [row["account_id"] for row in await connection.fetch(_ACCOUNTS)]
    before = datetime.now(UTC) - timedelta(days=days)
    return sum([await _remove(pool, statement, account_id, before) for account_id in accounts])


async def _remove(pool: Pool, statement: str, account_id: int, before: datetime) -> int:
    removed = 0
    for _ in range(_MOST_TIMES):
        async with account_transaction(pool, account_id) as connection:
            gone = await connection.fetch(statement, account_id, before, MOST_AT_ONCE)
        removed += len(gone)
        if len(gone) < MOST_AT_ONCE:
            break
    return removed
