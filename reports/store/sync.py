"""Bringing the lake up to date with the changes of the ledger, table by table.

Only days with changes are written again, each into new files. One commit replaces the old files and sets the watermark,
so readers of the lake see a table before or after. A failed sync leaves files outside the table, which the next vacuum
deletes.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

import polars as pl
from deltalake.transaction import AddAction

from reports.model.tables import TABLES, VERSION
from reports.store.lake import Lake, LakeFile, LakeTable, looked_up, partitions_of, stored
from reports.store.ledger import Ledger, LedgerState

# Changed rows in memory at a time.
_ROWS_AT_ONCE = 250_000
# How long replaced files stay for readers that still use them.
RETENTION_HOURS = 1

Step: TypeAlias = Literal["counted", "written", "committed"]
# Receives the table, the step, and how many rows are written of how many.
Progress: TypeAlias = Callable[[str, Step, int, int], None]


@dataclass(frozen=True)
class SyncedTable:
    """The sync of one table: how many versions of rows had changed, and how many files were written."""

    name: str
    rows: int
    files: int


def no_progress(name: str, step: Step, done: int, total: int) -> None:
    """Report no progress."""


async def sync(ledger: Ledger, lake: Lake, progress: Progress, *, rebuild: bool = False) -> list[SyncedTable]:
    """Bring an account's lake up to the ledger's snapshot. rebuild: write every table from the start.

    Raises CommitFailedError when another process did the same at the same time.
    """
    state = await ledger.state()
    return [await _sync(name, ledger, lake, state, progress, rebuild=rebuild) for name in TABLES]


async def _sync(
    name: str, ledger: Ledger, lake: Lake, state: LedgerState, progress: Progress, *, rebuild: bool
) -> SyncedTable:
    delta = await asyncio.to_thread(lake.make, ledger.account_id, name, state.ledger_id)
    copy = LakeTable(name, delta, state.ledger_id)
    files, since = await asyncio.to_thread(_usable_files, copy, state, rebuild=rebuild)
    days = await ledger.versions_by_day(name, since)
    total = sum(days.values())
    progress(name, "counted", 0, total)
    if since is not None and not total:
        return SyncedTable(name, 0, 0)
    untouched = [] if since is None else files
    written: list[AddAction] = []
    done = 0
    for chunk in _chunks(days):
        columns = [*TABLES[name].columns, *VERSION]
        changed = await ledger.versions(name, columns, since, chunk)
        written += await asyncio.to_thread(_write, copy, changed, untouched, await ledger.numbers())
        done += sum(days[day] for day in chunk)
        progress(name, "written", done, total)
    replaced = files if since is None else [file for file in files if file.partition.day in days]
    await asyncio.to_thread(copy.commit, written, replaced, state.watermark)
    progress(name, "committed", total, total)
    return SyncedTable(name, total, len(written))


def clear(lake: Lake, account_id: int, *, at_once: bool) -> None:
    """Delete the files that left their table. at_once: also files that readers may still use."""
    for name, delta in lake.open_all(account_id).items():
        LakeTable(name, delta, "").clear(0 if at_once else RETENTION_HOURS)


def _usable_files(copy: LakeTable, state: LedgerState, *, rebuild: bool) -> tuple[list[LakeFile], int | None]:
    """The files of a table and its watermark; None when the table must be written from the start.

    That happens when files are missing, and after the ledger was restored to an earlier state.
    """
    files = copy.files()
    usable = not rebuild and 0 < copy.watermark <= state.watermark and copy.has(files)
    return files, copy.watermark if usable else None


def _chunks(days: dict[date | None, int]) -> Iterator[list[date | None]]:
    """Days in order, in chunks that fit into memory."""
    chunk: list[date | None] = []
    rows = 0
    for day, count in days.items():
        if chunk and rows + count > _ROWS_AT_ONCE:
            yield chunk
            chunk, rows = [], 0
        chunk.append(day)
        rows += count
    if chunk:
        yield chunk


def _write(copy: LakeTable, changed: pl.LazyFrame, files: Sequence[LakeFile], numbers: pl.DataFrame) -> list[AddAction]:
    """Write the days of some changed rows again, with the unchanged rows of these days."""
    rows = _as_stored(copy, changed, numbers).collect()
    by_day = _by_day(copy, rows)
    written: list[AddAction] = []
    for day, fresh in by_day.items():
        old = copy.read(file for file in files if file.partition.day == day)
        unchanged = old.join(fresh.select(copy.table.key), on=copy.table.key, how="anti")
        parts = partitions_of(copy.table, pl.concat([unchanged, fresh]))
        written += [copy.write(part, rows) for part, rows in parts.items()]
    return written


def _by_day(copy: LakeTable, rows: pl.DataFrame) -> dict[date | None, pl.DataFrame]:
    days: dict[date | None, list[pl.DataFrame]] = {}
    for part, fresh in partitions_of(copy.table, rows).items():
        days.setdefault(part.day, []).append(fresh)
    return {day: pl.concat(fresh) for day, fresh in days.items()}


def _as_stored(copy: LakeTable, rows: pl.LazyFrame, numbers: pl.DataFrame) -> pl.LazyFrame:
    ids = [looked_up(name, numbers["number"], numbers["id"]).alias(f"{name}_id") for name in copy.table.numbers]
    columns = stored(copy.table)
    return rows.with_columns(ids).select(pl.col(name).cast(kind) for name, kind in columns.items())
