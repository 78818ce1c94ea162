"""Direct access to the ledger, for tests that compare it with the answers of the service."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from sql.facts import FACTS, Fact
from tests.conftest import Owner


async def broken_histories(owner: Owner, account_id: int) -> list[tuple[str, int]]:
    """Tables with gaps or overlaps between the versions of a row, and the number of such places.

    Every version ends where the next begins, and the current version has no end. Only an assignment can be withdrawn,
    which leaves a gap.
    """
    counts = [(fact.table, await owner.fetchval(_breaks(fact), account_id)) for fact in FACTS]
    return [(table, count) for table, count in counts if count]


def _breaks(fact: Fact) -> str:
    key = ", ".join(fact.key)
    gone = "next > superseded_at OR next IS NULL" if fact.table == "tracking_number_assignments" else "false"
    return f"""
        WITH versions AS (
            SELECT {key}, recorded_at, superseded_at FROM {fact.table}_history WHERE account_id = $1
            UNION ALL
            SELECT {key}, recorded_at, NULL FROM {fact.table} WHERE account_id = $1
        ),
        followed AS (
            SELECT recorded_at, superseded_at, lead(recorded_at) OVER (PARTITION BY {key} ORDER BY recorded_at) AS next
            FROM versions
        )
        SELECT count(*) FROM followed
        WHERE superseded_at <= recorded_at OR (superseded_at IS DISTINCT FROM next AND NOT ({gone}))"""


async def written(owner: Owner, account_id: int) -> dict[str, list[tuple[str, ...]]]:
    """The transaction of every row of an account, by table, including superseded versions."""
    tables = [name for fact in FACTS for name in (fact.table, f"{fact.table}_history")]
    query = "SELECT xmin::text, ctid::text FROM {} WHERE account_id = $1 ORDER BY ctid"
    rows = {table: await owner.fetch(query.format(table), account_id) for table in tables}
    return {table: [tuple(row) for row in versions] for table, versions in rows.items() if versions}


@asynccontextmanager
async def holding(url: str, statement: str, *arguments: object) -> AsyncGenerator["Waiters"]:
    """Hold the locks of a statement while the block runs; yields the sessions that wait."""
    holder, watcher = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        async with holder.transaction():
            await holder.execute(statement, *arguments)
            yield Waiters(watcher)
    finally:
        await holder.close()
        await watcher.close()


@dataclass(frozen=True)
class Waiters:
    """The sessions of a ledger that wait for a lock."""

    watcher: Owner

    async def arrive(self, count: int = 1) -> None:
        """Return when this number of sessions waits."""
        while await self._ask("count(*)") < count:
            pass

    async def end(self) -> None:
        """Close their connections from the ledger's side."""
        await self._ask("count(pg_terminate_backend(pid))")

    async def _ask(self, what: str) -> int:
        waiting = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return await self.watcher.fetchval(f"SELECT {what} FROM {waiting}")
