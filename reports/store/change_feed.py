"""New and changed rows of one fact, read from the ledger a block at a time, with the columns of the lake.

Only a few blocks are in memory at a time: PostgreSQL is read as fast as the blocks are taken.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import polars as pl

import sql
from reports.model.tables import TABLES, VERSION
from reports.store.copy_reader import Connection, CopyReader, expect_many
from reports.store.lake import stored
from reports.store.ledger import as_text, parse

T = TypeVar("T")

# Of CSV: some ten thousand rows.
_BLOCK_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class RowSelection:
    """Which rows of a fact to export: all current rows, or only new and changed ones.

    since: rows recorded or superseded at this moment or later. after: rows changed in this transaction or a newer one,
    with all their versions. ever: superseded versions as well.
    """

    name: str
    since: datetime | None = None
    after: int | None = None
    all_versions: bool = False


async def stream(
    connection: Connection,
    account_id: int,
    selection: RowSelection,
    work: Callable[[pl.DataFrame], T],
    take: Callable[[T], Awaitable[None]],
) -> None:
    """Work on each block of rows in a thread, and let `take` have the results in order.

    When `take` raises, nothing more is read; the connection can be used again after its transaction has ended.
    """
    await expect_many(connection)
    schema = stored(TABLES[selection.name])
    statement, arguments = _statement(account_id, selection)
    await CopyReader(lambda block: work(parse(block, schema)), take, _BLOCK_BYTES).read(
        connection, statement, arguments
    )


def _statement(account_id: int, selection: RowSelection) -> tuple[str, list[object]]:
    """The query of PostgreSQL, with its arguments."""
    arguments: list[object] = [account_id]
    if selection.after is not None or not selection.all_versions:
        arguments.append(str(selection.after or 0))
    rows = sql.current_rows(selection.name)
    if selection.all_versions:
        rows = sql.versions(selection.name, changed=selection.after is not None)
    test = "true"
    if selection.since is not None:
        arguments.append(selection.since)
        test = f"recorded_at >= ${len(arguments)} OR superseded_at >= ${len(arguments)}"
    # The text holds our own names only; values from outside are arguments.
    return f"SELECT {', '.join(_select_list(selection.name))} FROM ({rows}) fact_rows WHERE {test}", arguments  # noqa: S608


def _select_list(name: str) -> list[str]:
    """The columns of a fact; ids in place of phone numbers, which never leave the ledger."""
    table = TABLES[name]
    key = "(SELECT lake_key FROM accounts WHERE account_id = $1::integer)"
    return [
        f"lake_id({key}, {column}::text)" if column in table.numbers else as_text(column, kind)
        for column, kind in {**table.columns, **VERSION}.items()
    ]
