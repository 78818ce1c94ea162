"""What is counted at hooks by day: deliveries by their outcome, and names that senders choose, within a limit."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import asyncpg

from service.platform.db import Connection
from sql import load

_SQL = load("hooks")

KINDS = ("taken", "unknown", "unreadable", "rejected", "repeated")
# Counted beside them: deliveries over the limit of a day, and the bytes of the content of the others.
WITHOUT_CONTENT, STORED_BYTES = "without_content", "bytes"
# Senders choose the names of events, and could choose without end.
MOST_NAMES = 100


def totals(counts: list[asyncpg.Record]) -> Iterator[tuple[str, int]]:
    """The number of deliveries of each kind."""
    for kind in KINDS:
        yield kind, sum(count["count"] for count in counts if count["kind"] == kind)


async def count(connection: Connection, account_id: int, counts: dict[tuple[int, date, str, str], int]) -> None:
    """Add to the counts of hooks: by hook, day in UTC, kind and name."""
    if not counts:
        return
    if named := sorted({hook for hook, _, _, name in counts if name}):
        await connection.execute(_SQL["lock_names"], account_id, named)
    columns = [list(column) for column in zip(*counts, strict=True)]
    numbers = list(counts.values())
    await connection.execute(_SQL["count"], account_id, *columns, numbers, datetime.now(UTC), MOST_NAMES)
