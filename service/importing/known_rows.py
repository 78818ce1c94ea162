"""Known rows: how many rows of a file the ledger has already, by their keys. A dry run counts them."""

from collections.abc import Collection

from service.importing.prepare import PreparedChunk
from service.importing.staging import StagedFact
from service.importing.write import copy_rows
from service.platform.db import Connection, Pool, acquire
from sql.facts import Fact
from sql.merge import stage_name


async def count_known(pool: Pool, account_id: int, prepared: PreparedChunk, main_facts: Collection[Fact]) -> int:
    """How many valid rows of a chunk have a key that the ledger knows. Nothing is stored.

    main_facts: the facts that decide whether a row is new.
    """
    async with acquire(pool) as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute("SELECT set_config('calltally.account_id', $1, true)", str(account_id))
            counts = [await _count(connection, staged) for staged in prepared.staged if staged.fact in main_facts]
        finally:
            await transaction.rollback()
    return sum(counts)


async def _count(connection: Connection, staged: StagedFact) -> int:
    await copy_rows(connection, staged, known=False)
    fact = staged.fact
    same = " AND ".join(f"t.{name} = i.{name}" for name in fact.key)
    if fact.known_by:
        same += f" AND t.{fact.known_by} IS NOT NULL"
    return await connection.fetchval(
        f"SELECT count(*) FROM pg_temp.{stage_name(fact)} i WHERE EXISTS (SELECT FROM {fact.table} t WHERE {same})"  # noqa: S608  names of our own
    )
