"""Plans as they are stored: the calendars of teams, and the targets of metrics."""

from dataclasses import astuple
from typing import Any

from service.ingest.planning import TargetKey, target_document
from service.platform.db import Pool, account_transaction
from sql import load

_QUERIES = load("planning")


async def list_calendars(
    pool: Pool, account_id: int, *, team: str | None = None, after: str = "", most: int
) -> list[dict[str, Any]]:
    """The calendars of the teams in order, or that of one team."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_calendars"], account_id, team, after, most)
    return [dict(row) for row in rows]


async def list_targets(
    pool: Pool, account_id: int, *, metric: str | None = None, after: int = 0, most: int
) -> list[dict[str, Any]]:
    """The targets in the order in which they were first saved, as JSON documents; withdrawn ones are left out."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_targets"], account_id, metric, after, most)
    return [target_document(dict(row)) for row in rows]


async def read_target(pool: Pool, account_id: int, key: TargetKey) -> dict[str, Any] | None:
    """The target of a key, as a JSON document, also a withdrawn one; None if there never was one."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        row = await connection.fetchrow(_QUERIES["read_target"], account_id, *astuple(key))
    return target_document(dict(row)) if row else None
