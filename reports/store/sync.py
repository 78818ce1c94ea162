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
from reports.store.doubts import doubt, is_doubted, panics_as_errors, trust
from reports.store.lake import Lake, LakeFile, LakeTable, UnreadableCopyError, looked_up, partitions_of, stored
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


async def sync(
    ledger: Ledger, lake: Lake, progress: Progress, *, rebuild: bool = False, thorough: bool = False
) -> list[SyncedTable]:
    """Bring an account's lake up to the ledger's snapshot. rebuild: write every table from the start.

    thorough: open every file to check it, and not only those of tables in doubt. Raises CommitFailedError when another
    process did the same at the same time.
    """
    state = await ledger.state()
    turns = [_Turn(name, ledger, lake, state, progress) for name in TABLES]
    return [await turn.sync(rebuild=rebuild, thorough=thorough) for turn in turns]


@dataclass(frozen=True)
class _Turn:
    """The sync of one table."""

    name: str
    ledger: Ledger
    lake: Lake
    state: LedgerState
    progress: Progress

    async def sync(self, *, rebuild: bool, thorough: bool) -> SyncedTable:
        """Copy the changes, or all rows if the copy cannot be used."""
        copy, files, since = await asyncio.to_thread(self._open, rebuild=rebuild, thorough=thorough)
        try:
            done = await self._copy(copy, files, since)
        except UnreadableCopyError as error:
            doubt(self._address, type(error.__cause__).__name__)
            done = await self._copy(copy, files, None)
        trust(self._address)
        return done

    @property
    def _address(self) -> str:
        return self.lake.address(self.ledger.account_id, self.name)

    def _open(self, *, rebuild: bool, thorough: bool) -> tuple[LakeTable, list[LakeFile], int | None]:
        """The table, its files and its watermark; None when the table must be written from the start.

        That happens when files are missing or broken, and after the ledger was restored to an earlier state.
        """
        place = (self.ledger.account_id, self.name, self.state.ledger_id)
        copy = LakeTable(self.name, self.lake.make(*place), self.state.ledger_id)
        try:
            with panics_as_errors():
                files = copy.files()
        except Exception as error:  # noqa: BLE001  whatever a broken log raises, the table is made again
            doubt(self._address, type(error).__name__)
            return LakeTable(self.name, self.lake.make_again(*place), self.state.ledger_id), [], None
        usable = not rebuild and 0 < copy.watermark <= self.state.watermark and self._is_whole(copy, files, thorough)
        return copy, files, copy.watermark if usable else None

    def _is_whole(self, copy: LakeTable, files: Sequence[LakeFile], thorough: bool) -> bool:  # noqa: FBT001
        in_doubt = is_doubted(self._address)
        whole = copy.has(files) and (not (thorough or in_doubt) or copy.has_readable(files, wholly=in_doubt))
        if not whole:
            doubt(self._address, "a file is missing or broken")
        return whole

    async def _copy(self, copy: LakeTable, files: Sequence[LakeFile], since: int | None) -> SyncedTable:
        """Write the days of changed rows; since: None writes all days. Raises UnreadableCopyError."""
        days = await self.ledger.versions_by_day(self.name, since)
        total = sum(days.values())
        self.progress(self.name, "counted", 0, total)
        if since is not None and not total:
            return SyncedTable(self.name, 0, 0)
        written = await self._write(copy, days, since, [] if since is None else files)
        replaced = files if since is None else [file for file in files if file.partition.day in days]
        await asyncio.to_thread(copy.commit, written, replaced, self.state.watermark)
        self.progress(self.name, "committed", total, total)
        return SyncedTable(self.name, total, len(written))

    async def _write(
        self, copy: LakeTable, days: dict[date | None, int], since: int | None, untouched: Sequence[LakeFile]
    ) -> list[AddAction]:
        written: list[AddAction] = []
        done = 0
        columns = [*TABLES[self.name].columns, *VERSION]
        for chunk in _chunks(days):
            changed = await self.ledger.versions(self.name, columns, since, chunk)
            numbers = await self.ledger.numbers()
            with panics_as_errors():
                written += await asyncio.to_thread(_write, copy, changed, untouched, numbers)
            done += sum(days[day] for day in chunk)
            self.progress(self.name, "written", done, sum(days.values()))
        return written


def clear(lake: Lake, account_id: int, *, at_once: bool) -> None:
    """Delete the files that left their table. at_once: also files that readers may still use."""
    for name, delta in lake.open_all(account_id).items():
        try:
            with panics_as_errors():
                LakeTable(name, delta, "").clear(0 if at_once else RETENTION_HOURS)
        except Exception as error:
            if at_once:  # files with an erased person must go, or the next turn tries again
                raise
            doubt(lake.address(account_id, name), type(error).__name__)


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
