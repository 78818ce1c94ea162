"""Copies brought up to date: the lake, and the files of settled calls on this machine.

Only days with changed calls are written again. Without usable files, all days are written, from the lake and the
changes since.
"""

import asyncio
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl
from polars.exceptions import PolarsError

from reports.model.codes import Codes
from reports.model.types import INSTANT
from reports.query.settled_calls import (
    ATTEMPT_COLUMNS,
    LEAD_COLUMNS,
    STORED_CALL,
    SettledCalls,
    as_of_calls,
    as_stored,
    open_settled_calls,
    settle,
)
from reports.store.copies import Copies
from reports.store.current_tables import CurrentTables
from reports.store.day_files import DayFile, DayFiles, Edition, OpenedDays
from reports.store.doubts import EngineError, doubt, is_doubted, panics_as_errors, trust
from reports.store.lake import Lake, UnreadableCopyError
from reports.store.ledger import Ledger, LedgerState
from reports.store.sync import Progress, SyncedTable, no_progress, sync

NAME = "settled_calls"
# Calls in memory at a time.
_ROWS_AT_ONCE = 500_000
_DAY = pl.col("dialed_at").dt.date().alias("day")


def open_copies(lake: Lake, account_id: int) -> Copies:
    """The copies of an account as they are now."""
    files = call_files(lake, account_id)
    # The files open first: they never know more than the lake and the snapshot.
    opened = files.open() if files else None
    return Copies(lake.open_all(account_id), opened)


def call_files(lake: Lake, account_id: int) -> DayFiles | None:
    """The place of an account's settled calls; None where no files are made."""
    return None if lake.cache is None else DayFiles(lake.cache / str(account_id) / "calls", STORED_CALL)


async def sync_copies(
    ledger: Ledger, lake: Lake, progress: Progress = no_progress, *, rebuild: bool = False, thorough: bool = False
) -> list[SyncedTable]:
    """Bring an account's lake, then its settled calls, up to the ledger's snapshot. The parameters are those of `sync`.

    Raises OSError for a full disk, CommitFailedError when another process wrote the lake at the same time.
    """
    done = await sync(ledger, lake, progress, rebuild=rebuild, thorough=thorough)
    return done + await sync_calls(ledger, lake, progress, rebuild=rebuild, thorough=thorough)


async def sync_calls(
    ledger: Ledger, lake: Lake, progress: Progress = no_progress, *, rebuild: bool = False, thorough: bool = False
) -> list[SyncedTable]:
    """Bring an account's settled calls on this machine up to the ledger's snapshot; nothing where no files are made.

    One process of a machine does so at a time. thorough: compare checksums even of files that are not in doubt. Raises
    OSError for a full disk.
    """
    files = call_files(lake, ledger.account_id)
    if files is None:
        return []
    codes, state = await ledger.codes(None), await ledger.state()
    tables = CurrentTables(ledger, state, None, await asyncio.to_thread(lake.open_all, ledger.account_id))
    turn = _CallSync(ledger, state, codes, tables, files, progress)
    return [await turn.sync(rebuild=rebuild, thorough=thorough)]


def clear_copies(lake: Lake, account_id: int, *, at_once: bool) -> None:
    """Delete the files of settled calls that no longer count. at_once: also those that readers may still use."""
    files = call_files(lake, account_id)
    if files is not None:
        files.clear(at_once=at_once)


@contextmanager
def _as_unreadable(address: str) -> Generator[None]:
    """Raise whatever the engine says of rows that it cannot read as UnreadableCopyError."""
    try:
        with panics_as_errors():
            yield
    except (PolarsError, EngineError, OSError) as error:
        if isinstance(error, ConnectionError | TimeoutError):
            raise
        raise UnreadableCopyError(address) from error


@dataclass(frozen=True)
class _CallSync:
    """The sync of an account's settled calls."""

    ledger: Ledger
    state: LedgerState
    codes: Codes
    tables: CurrentTables
    files: DayFiles
    progress: Progress

    async def sync(self, *, rebuild: bool, thorough: bool) -> SyncedTable:
        """Write the days with changes, or all days if the files cannot be used."""
        opened = None if rebuild else await asyncio.to_thread(self._usable, thorough=thorough)
        done = await self._changed(opened) if opened else None
        if done is None:
            done = await self._all()
        trust(self._address)
        return done

    @property
    def _address(self) -> str:
        return str(self.files.folder)

    def _usable(self, *, thorough: bool) -> OpenedDays | None:
        opened = self.files.open()
        if opened is None or not opened.is_for(self.state, self.codes.meanings):
            return None
        if opened.is_intact and (not (thorough or is_doubted(self._address)) or opened.is_unchanged):
            return opened
        doubt(self._address, "a file is missing or broken")
        return None

    async def _changed(self, opened: OpenedDays) -> SyncedTable | None:
        """Write the days with changes. None if the files do not serve: they cannot be read, or too much changed."""
        try:
            with _as_unreadable(self._address):
                calls = await open_settled_calls(self.ledger, self.tables, self.codes, opened)
            return await self._write_changed(calls) if calls else None
        except UnreadableCopyError as error:
            doubt(self._address, type(error.__cause__).__name__)
            return None

    async def _all(self) -> SyncedTable:
        """Write all days, from the lake or from the ledger alone."""
        try:
            return await self._write_all()
        except UnreadableCopyError as error:
            if not self.tables.copies:
                raise
            for copy in self.tables.copies.values():
                doubt(copy.address, type(error.__cause__).__name__)
            self.tables.forget_copies()
            return await self._write_all()

    async def _write_changed(self, calls: SettledCalls) -> SyncedTable:
        opened = calls.days
        if not calls.has_changes:
            return SyncedTable(NAME, 0, 0)
        stored = await self._read(opened.scan().filter(calls.touched).select(_DAY).unique())
        days = sorted({*stored["day"], *calls.fresh["dialed_at"].dt.date()})
        rows = sum(opened.files[day].rows for day in days if day in opened.files) + calls.fresh.height
        chunks = (as_stored(calls.rows([day]), calls.numbers) for day in days)
        unchanged = [file for day, file in opened.files.items() if day not in days]
        return await self._write(chunks, rows, unchanged)

    async def _write_all(self) -> SyncedTable:
        attempts = (await self.tables.read("attempts", ATTEMPT_COLUMNS)).filter(pl.col("dialed_at").is_not_null())
        leads = as_of_calls(await self.tables.read("leads", LEAD_COLUMNS))
        numbers = await self.tables.numbers()
        counts = await self._read(attempts.group_by(_DAY).agg(pl.len()).sort("day"))
        by_day = dict(counts.iter_rows())
        chunks = (
            as_stored(settle(attempts.filter(_of_days(first, last)), leads, self.codes), numbers)
            for first, last in _chunks(by_day)
        )
        return await self._write(chunks, sum(by_day.values()), [])

    async def _write(self, chunks: Iterable[pl.LazyFrame], rows: int, unchanged: Collection[DayFile]) -> SyncedTable:
        """Write calls, then let their files count. If that fails, no file of it stays."""
        self.progress(NAME, "counted", 0, rows)
        written: list[DayFile] = []
        try:
            for chunk in chunks:
                calls = await self._read(chunk.with_columns(_DAY).sort("dialed_at"))
                for (day,), of_day in calls.partition_by("day", as_dict=True, include_key=False).items():
                    written.append(await asyncio.to_thread(self.files.write, day, of_day))
                self.progress(NAME, "written", sum(file.rows for file in written), rows)
            edition = Edition(self.state.ledger_id, self.state.watermark, self.codes.meanings)
            await asyncio.to_thread(self.files.commit, edition, [*unchanged, *written])
        except BaseException:
            self.files.delete(written)
            raise
        done = sum(file.rows for file in written)
        self.progress(NAME, "committed", done, done)
        return SyncedTable(NAME, done, len(written))

    async def _read(self, rows: pl.LazyFrame) -> pl.DataFrame:
        with _as_unreadable(self._address):
            return await asyncio.to_thread(rows.collect)


def _chunks(by_day: Mapping[date, int]) -> Iterator[tuple[date, date]]:
    """The first and last days of chunks that fit into memory."""
    first, rows, last = None, 0, None
    for day, count in by_day.items():
        if first is not None and last is not None and rows + count > _ROWS_AT_ONCE:
            yield first, last
            first, rows = None, 0
        first, last, rows = first or day, day, rows + count
    if first is not None and last is not None:
        yield first, last


def _of_days(first: date, last: date) -> pl.Expr:
    start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last + timedelta(days=1)))
    return pl.col("dialed_at").is_between(pl.lit(start, dtype=INSTANT), pl.lit(end, dtype=INSTANT), closed="left")
