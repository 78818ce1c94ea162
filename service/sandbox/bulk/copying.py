"""Copies a floor into the ledger without capture: some blocks are simulated in threads while others are copied."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO

import asyncpg
import polars as pl

from service.config import SetupError
from service.platform.db import Connection
from service.sandbox.rows.blocks import Block
from service.sandbox.rows.dividing import divide
from service.sandbox.rows.tables import Ids, Tables, first_tables, tables
from service.sandbox.scenario.plan import Plan
from service.sandbox.scenario.scenario import Scenario
from sql import load

_SQL = load("simulation")

# As many cores as the machine has at least: one connection would leave PostgreSQL waiting for the next block.
_AT_ONCE = 2

_PIECE_BYTES = 256 * 1024

Show = Callable[[int], None]


@dataclass
class Written:
    """The number of rows copied into each table, and the seconds it took, VACUUM included."""

    rows: Counter[str] = field(default_factory=Counter[str])
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table as CSV."""

    table: str
    columns: list[str]
    count: int
    content: BytesIO


async def write(url: str, account_id: int, plan: Plan, show: Show) -> Written:
    """Write a floor into an empty account; show gets the number of attempts copied so far. Raises SetupError.

    url: of the ledger's owner. Each block is one transaction: an interrupted copy keeps the blocks that were done.
    """
    began = time.monotonic()
    scenario = Scenario(plan)
    blocks = await asyncio.to_thread(divide, scenario)
    written = Written()
    async with _connected(url) as connection:
        async with connection.transaction():
            ids = await _begin(connection, account_id, blocks)
            written.rows += await _copy(connection, sheets(first_tables(scenario, blocks), account_id))
        turns = iter(blocks)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(_AT_ONCE, len(blocks))):
                group.create_task(_work(url, account_id, scenario, ids, turns, written, show))
        # Query plans then know the sizes, and no autovacuum runs while a benchmark measures.
        await connection.execute(f"VACUUM (ANALYZE) {', '.join(written.rows)}")
    written.seconds = time.monotonic() - began
    return written


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[Connection]:
    connection = await asyncpg.connect(url, server_settings={"application_name": "calltally", "timezone": "UTC"})
    try:
        yield connection
    finally:
        await connection.close()


async def _begin(connection: Connection, account_id: int, blocks: list[Block]) -> Ids:
    """Make sure that the account is empty, and take ids for all rows. Raises SetupError."""
    if await connection.fetchval(_SQL["is_used"], account_id):
        raise SetupError("This account is in use: it holds calls, leads or campaigns. Name another one with --account")
    attempts, leads = sum(block.attempts for block in blocks), sum(block.room for block in blocks)
    await connection.execute(_SQL["stop_others"])
    [row] = await connection.fetch(_SQL["take_ids"], attempts, leads)
    return Ids(row["last_attempt"] - attempts + 1, row["last_lead"] - leads + 1, row["xid"])


async def _work(
    url: str, account_id: int, scenario: Scenario, ids: Ids, blocks: Iterator[Block], written: Written, show: Show
) -> None:
    """Simulate and copy one block after the other until none is left."""
    async with _connected(url) as connection:
        await connection.fetchval(_SQL["trust_account"])
        for block in blocks:
            # No block stays in memory while the next one is simulated.
            copied = await _copy(connection, await asyncio.to_thread(_simulated, scenario, block, ids, account_id))
            written.rows.update(copied)
            show(written.rows["attempts"])


def _simulated(scenario: Scenario, block: Block, ids: Ids, account_id: int) -> list[Sheet]:
    return sheets(tables(scenario, block, ids), account_id)


async def _copy(connection: Connection, filled: list[Sheet]) -> Counter[str]:
    async with connection.transaction():
        for sheet in filled:
            source = pieces(sheet.content)
            await connection.copy_to_table(sheet.table, source=source, columns=sheet.columns, format="csv")
    return Counter({sheet.table: sheet.count for sheet in filled})


async def pieces(content: BytesIO) -> AsyncGenerator[bytes]:
    """The bytes of a sheet, piece by piece."""
    while piece := content.read(_PIECE_BYTES):
        yield piece


def sheets(of_block: Tables, account_id: int) -> list[Sheet]:
    """The tables with rows as CSV; the memory of each frame is freed as soon as it is written."""
    filled = [table for table, rows in of_block.items() if not rows.is_empty()]
    return [_sheet(table, of_block.pop(table), account_id) for table in filled]


def _sheet(table: str, rows: pl.DataFrame, account_id: int) -> Sheet:
    content = BytesIO()
    moments = pl.col("^.*_at$").cast(pl.Datetime("ms"))
    whole = rows.with_columns(moments, account_id=pl.lit(account_id))
    whole.write_csv(content, include_header=False)
    content.seek(0)
    return Sheet(table, whole.columns, rows.height, content)
