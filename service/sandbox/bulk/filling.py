"""Fills a demo floor through the service's own connections, which may write into this one account only."""

import asyncio
from functools import partial

from service.platform.db import Connection, Pool, account_transaction
from service.sandbox.bulk.copying import Sheet, pieces, sheets
from service.sandbox.rows.blocks import Block
from service.sandbox.rows.dividing import divide
from service.sandbox.rows.tables import Ids, first_tables, tables
from service.sandbox.scenario.plan import Plan
from service.sandbox.scenario.scenario import Scenario
from sql import load

_SQL = load("demo")


async def fill(pool: Pool, account_id: int, plan: Plan) -> None:
    """Write the floor of a plan into an empty demo account, a block per transaction, while others work."""
    scenario = await asyncio.to_thread(Scenario, plan)
    blocks = await asyncio.to_thread(divide, scenario)
    first = await asyncio.to_thread(lambda: sheets(first_tables(scenario, blocks), account_id))
    async with account_transaction(pool, account_id) as connection:
        ids = await _take_ids(connection, blocks)
        await _insert(connection, first)
    for block in blocks:
        simulated = await asyncio.to_thread(partial(_simulate, scenario, block, ids, account_id))
        async with account_transaction(pool, account_id) as connection:
            await _insert(connection, simulated)


def _simulate(scenario: Scenario, block: Block, ids: Ids, account_id: int) -> list[Sheet]:
    return sheets(tables(scenario, block, ids), account_id)


async def _take_ids(connection: Connection, blocks: list[Block]) -> Ids:
    attempts, leads = sum(block.attempts for block in blocks), sum(block.room for block in blocks)
    [row] = await connection.fetch(_SQL["take_ids"], attempts, leads)
    return Ids(row["last_attempt"] - attempts + 1, row["last_lead"] - leads + 1, row["xid"])


async def _insert(connection: Connection, filled: list[Sheet]) -> None:
    """Insert the rows of some tables by a temporary one: row-level security does not allow to copy into a table."""
    for sheet in filled:
        stage, columns = f"demo_{sheet.table}", ", ".join(sheet.columns)
        statement = f"CREATE TEMP TABLE {stage} ON COMMIT DROP AS SELECT {columns} FROM {sheet.table} WITH NO DATA"  # noqa: S608  our own names
        await connection.execute(statement)
        await connection.copy_to_table(stage, source=pieces(sheet.content), columns=sheet.columns, format="csv")
        await connection.execute(
            f"INSERT INTO {sheet.table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {stage}"  # noqa: S608  our own names
        )
