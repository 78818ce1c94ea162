"""DuckDB and PostgreSQL do the numbers of `outbound` over resolved rows: first checked against ours, then timed.

Both get the rows as calltally resolves them, and neither computes intervals. DuckDB keeps them in its own storage, with
codes as enums; PostgreSQL in a schema of its own, which is dropped at the end.
"""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
import polars as pl
from polars.testing import assert_frame_equal

from tests.bench.asking import REPEATS
from tests.bench.resolved import OURS, TABLES

SCHEMA = "resolved_for_bench"
KEYS = ["agent", "source"]
# The ten numbers, their number of attempts, and the two models of the return.
NUMBERS = [
    *("attempts", "dial_efficiency", "conv_per_conversation", "conv_per_lead", "appointment_set_rate"),
    *("median_talk_time", "lead_response_time", "followup_coverage", "pipeline_velocity", "revenue_per_day"),
    *("marketing_roi_lead_creation", "marketing_roi_linear"),
]
TEN_NUMBERS = (Path(__file__).parent / "ten_numbers.sql").read_text()
_KINDS = {pl.String: "text", pl.Boolean: "boolean", pl.Int64: "bigint"}


def check(engine: str, cells: list[tuple[Any, ...]], folder: Path) -> str:
    """Raise AssertionError unless an engine's cells equal ours; returns a sentence that they do.

    Where a number cannot be told, the engine must have the ratio of our numerator and denominator.
    """
    theirs = pl.DataFrame(cells, schema=[*KEYS, *NUMBERS], orient="row", infer_schema_length=None)
    ours = pl.read_parquet(folder / OURS).with_columns(pl.col(KEYS).fill_null(""))
    ours = ours.select(*KEYS, *(_cell(ours, name) for name in NUMBERS))
    theirs = theirs.with_columns(pl.col(NUMBERS).cast(pl.Float64)).filter(pl.any_horizontal(pl.col(NUMBERS) != 0))
    ours = ours.filter(pl.any_horizontal(pl.col(NUMBERS) != 0))
    assert_frame_equal(_filled(theirs), _filled(ours), check_row_order=False, rel_tol=1e-9, abs_tol=1e-9)
    return f"{engine}: all {len(NUMBERS)} numbers of {ours.height:,} groups equal ours"


def _cell(ours: pl.DataFrame, name: str) -> pl.Expr:
    if f"{name}_reason" not in ours.columns:
        return pl.col(name).cast(pl.Float64)
    ratio = pl.col(f"{name}_numerator") / pl.col(f"{name}_denominator")
    return pl.when(pl.col(f"{name}_reason").is_null()).then(name).otherwise(ratio.fill_nan(None)).alias(name)


def _filled(cells: pl.DataFrame) -> pl.DataFrame:
    """Counts and sums of no rows are 0 with us and missing in SQL."""
    return cells.with_columns(pl.col("attempts", "revenue_per_day").fill_null(0))


def time_duckdb(folder: Path, say: Callable[[str], Any]) -> float:
    """Load the tables into DuckDB's storage, check the cells; returns the seconds of the best run."""
    with duckdb.connect(folder / "resolved.duckdb") as engine:
        for key in KEYS:
            engine.execute(f"CREATE TYPE {key}_code AS ENUM ({_values(folder, key)})")
        for name, (_, _, columns) in TABLES.items():
            keys = [f"{key}::{key}_code AS {key}" for key in KEYS]
            file = f"read_parquet('{folder / name}.parquet')"
            engine.execute(f"CREATE TABLE {name} AS SELECT {', '.join([*keys, *columns])} FROM {file}")
        engine.execute("CHECKPOINT")
        say(check("DuckDB", engine.execute(TEN_NUMBERS).fetchall(), folder))
        return min(_seconds(lambda: engine.execute(TEN_NUMBERS).fetchall()) for _ in range(REPEATS))


def _values(folder: Path, key: str) -> str:
    """The values of a key over all tables, as SQL."""
    found_in = (pl.scan_parquet(folder / f"{name}.parquet").select(key).unique() for name in TABLES)
    values = pl.concat(list(found_in)).unique().sort(key).collect()[key]
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


async def time_postgresql(url: str, folder: Path, say: Callable[[str], Any]) -> float:
    """Load the tables into PostgreSQL, check the cells; returns the seconds of the best run."""
    async with _loaded(url, folder) as connection:
        rows = await connection.fetch(TEN_NUMBERS)
        say(check("PostgreSQL", [tuple(row) for row in rows], folder))
        return min([await _seconds_of(lambda: connection.fetch(TEN_NUMBERS)) for _ in range(REPEATS)])


async def _seconds_of(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


@asynccontextmanager
async def _loaded(url: str, folder: Path) -> AsyncGenerator["asyncpg.Connection[Any]"]:
    connection = await asyncpg.connect(url, server_settings={"search_path": SCHEMA})
    try:
        await connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        for name in TABLES:
            await _load(connection, folder, name)
        yield connection
    finally:
        await connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        await connection.close()


async def _load(connection: "asyncpg.Connection[Any]", folder: Path, name: str) -> None:
    rows = pl.scan_parquet(folder / f"{name}.parquet")
    columns = [f"{column} {_KINDS[type(kind)]}" for column, kind in rows.collect_schema().items()]
    await connection.execute(f"CREATE UNLOGGED TABLE {name} ({', '.join(columns)})")
    file = folder / f"{name}.csv"
    rows.sink_csv(file, include_header=False, quote_style="non_numeric")
    await connection.copy_to_table(name, source=file, format="csv")
    file.unlink()
    await connection.execute(f"VACUUM ANALYZE {name}")
