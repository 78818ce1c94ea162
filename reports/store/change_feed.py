"""What is new in one fact of an account, out of the ledger a block at a time, with the columns of the lake.

However much it is, no more than a few blocks are in memory: PostgreSQL is read as fast as the blocks are taken.
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

# Text as PostgreSQL sends it: some tens of thousands of rows.
_BLOCK_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows of a fact: all that are believed, or what is new of them.

    since: those recorded, or believed no more, at this moment or later. after: those changed in this transaction or
    any that is not older, with all their versions. ever: also versions that are believed no more.
    """

    name: str
    since: datetime | None = None
    after: int | None = None
    ever: bool = False


async def stream(
    connection: Connection,
    account_id: int,
    wanted: Wanted,
    work: Callable[[pl.DataFrame], T],
    take: Callable[[T], Awaitable[None]],
) -> None:
    """Let each block of rows be worked on in a thread, and give on what comes of it, in order.

    When `take` raises, nothing more is read; the connection can be used again after its transaction has ended.
    """
    await expect_many(connection)
    schema = stored(TABLES[wanted.name])
    statement, arguments = _statement(account_id, wanted)
    await CopyReader(lambda block: work(parse(block, schema)), take, _BLOCK_BYTES).read(
        connection, statement, arguments
    )


def _statement(account_id: int, wanted: Wanted) -> tuple[str, list[object]]:
    """What is asked of PostgreSQL, with its arguments."""
    arguments: list[object] = [account_id]
    if wanted.after is not None or not wanted.ever:
        arguments.append(str(wanted.after or 0))
    rows = sql.believed_now(wanted.name)
    if wanted.ever:
        rows = sql.believed_ever(wanted.name, changed=wanted.after is not None)
    test = "true"
    if wanted.since is not None:
        arguments.append(wanted.since)
        test = f"recorded_at >= ${len(arguments)} OR superseded_at >= ${len(arguments)}"
    # Names of our own; whatever comes from outside is an argument.
    return f"SELECT {', '.join(_told(wanted.name))} FROM ({rows}) believed WHERE {test}", arguments  # noqa: S608


def _told(name: str) -> list[str]:
    """The columns of a fact; phone numbers as what stands for them, so that they never leave the ledger."""
    table = TABLES[name]
    key = "(SELECT lake_key FROM accounts WHERE account_id = $1::integer)"
    return [
        f"lake_id({key}, {column}::text)" if column in table.numbers else as_text(column, kind)
        for column, kind in {**table.columns, **VERSION}.items()
    ]
