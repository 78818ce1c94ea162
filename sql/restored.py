"""Rows that a restore brought from another server, and how they join the transactions of this one.

Every row carries the transaction that changed it last; the lake copies what changed since its last transaction. After
`pg_restore` the numbers are those of another server. Numbers from this server's future would count as changed forever.
"""

import re

import asyncpg

from sql import load

_CONNECTS_WITHIN_SECONDS = 10.0
# The tables that reports and the lake read. Other tables carry the number too, but nothing looks for their changes.
TABLES = tuple(re.findall(r"SELECT changed_xid FROM (\w+)", load("state")["has_changed"]))
# A ledger that is only migrated so far lacks the later tables.
_PRESENT = "SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL"


async def adopt_restored_rows(url: str) -> dict[str, int]:
    """Give rows with transactions from the future the present one; returns how many by table, without zeros.

    url: with the login of the owner, who may change the rows of every account. Each table is put right by itself.
    """
    connection = await asyncpg.connect(url, timeout=_CONNECTS_WITHIN_SECONDS)
    try:
        return await adopt(connection)
    finally:
        await connection.close()


async def adopt(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, int]:
    """The same on an open connection outside any transaction."""
    adopted: dict[str, int] = {}
    for (table,) in await connection.fetch(_PRESENT, TABLES):
        if await connection.fetchval(_has_future_rows(table)):
            status = await connection.execute(_adopt_rows(table))
            adopted[table] = int(status.rpartition(" ")[2])
    return adopted


def _has_future_rows(table: str) -> str:
    """The question whether a table has such rows. One look into the index for each account."""
    return f"""
        SELECT EXISTS (
            SELECT
            FROM accounts a
            CROSS JOIN LATERAL (
                SELECT FROM {table} t
                WHERE t.account_id = a.account_id AND t.changed_xid >= pg_snapshot_xmax(pg_current_snapshot())
                LIMIT 1
            ) future
        )"""  # noqa: S608  our own names


def _adopt_rows(table: str) -> str:
    # A row that a running transaction has changed has a number of this server, and is in no snapshot before it.
    return f"""
        UPDATE {table} SET changed_xid = pg_current_xact_id()
        WHERE changed_xid >= pg_snapshot_xmax(pg_current_snapshot())"""  # noqa: S608  our own names
