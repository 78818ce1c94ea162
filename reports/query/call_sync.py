"""Copies brought up to date: the lake, and the files of settled calls on this machine.

Only days with changed calls are written again. Without usable files, all days are written, from the lake and the
changes since.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from reports.model.codes import Codes
from reports.model.types import INSTANT
from reports.query.fact_sync import FactSync, fact_files, open_facts
from reports.query.lead_facts import open_histories
from reports.query.settled_calls import (
    ATTEMPT_COLUMNS,
    LEAD_COLUMNS,
    STORED_CALL,
    SettledCalls,
    as_of_calls,
    open_settled_calls,
    settle,
    stored_calls,
    without_changes,
)
from reports.store.copies import Copies
from reports.store.current_tables import CurrentTables
from reports.store.day_files import DayFile, DayFiles, Edition, OpenedDays
from reports.store.doubts import panics_as_errors
from reports.store.lake import Lake
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
    opened, facts = files.open() if files else None, open_facts(lake, account_id)
    return Copies(lake.open_all(account_id), opened, facts)


def call_files(lake: Lake, account_id: int) -> DayFiles | None:
    """The place of an account's settled calls; None where no files are made."""
    return None if lake.cache is None else DayFiles(lake.cache / str(account_id) / "calls", STORED_CALL)


async def sync_copies(
    ledger: Ledger, lake: Lake, progress: Progress = no_progress, *, rebuild: bool = False, thorough: bool = False
) -> list[SyncedTable]:
    """Bring an account's copies up to the ledger's snapshot. The parameters are those of `sync`.

    Raises OSError for a full disk, CommitFailedError when another process wrote the lake at the same time.
    """
    done = await sync(ledger, lake, progress, rebuild=rebuild, thorough=thorough)
    files = call_files(lake, ledger.account_id)
    if files is None:
        return done
    with files.alone() as is_alone:
        if is_alone:
            done += await _CallSync(ledger, await ledger.state(), lake, files, progress).sync(rebuild=rebuild)
    return done


def clear_copies(lake: Lake, account_id: int, *, at_once: bool) -> None:
    """Delete the files of settled calls that no longer count. at_once: also those that readers may still use."""
    files = call_files(lake, account_id)
    for place in (*([files] if files else []), *fact_files(lake, account_id).values()):
        place.clear(at_once=at_once)


@dataclass(frozen=True)
class _CallSync:
    """The sync of an account's settled calls, and of the rows made of them by lead."""

    ledger: Ledger
    state: LedgerState
    lake: Lake
    files: DayFiles
    progress: Progress

    async def sync(self, *, rebuild: bool) -> list[SyncedTable]:
        account = self.state.account
        codes = await self.ledger.codes(None, account.zone.key)
        edition = Edition(self.state.ledger_id, self.state.watermark, codes.meanings, account.taken_at)
        copies = open_copies(self.lake, account.account_id)
        tables = CurrentTables(self.ledger, self.state, None, copies.tables)
        calls = None if rebuild else await self._open(copies.calls, tables, codes)
        if calls is None:
            done = [await self._write_all(tables, codes, edition)]
            calls, facts = self._without_changes(await tables.numbers()), dict[str, OpenedDays]()
        else:
            done, facts = [], copies.facts
        histories = await open_histories(calls, tables, codes, account.taken_at)
        fact_sync = FactSync(fact_files(self.lake, account.account_id), histories, self.progress)
        changed = await fact_sync.changed(self.ledger, facts)
        if changed is not None and not changed.touched.len() and not calls.has_changes:
            return done
        written = await fact_sync.write(changed)
        if not done:
            done = [await self._write_changed(calls, edition)]
        done.append(await asyncio.to_thread(fact_sync.commit, edition, written))
        return done

    async def _open(self, opened: OpenedDays | None, tables: CurrentTables, codes: Codes) -> SettledCalls | None:
        """The settled calls with what changed since; None if the files cannot serve."""
        if opened is None or not opened.is_for(self.state, codes.meanings) or not opened.is_intact:
            return None
        return await open_settled_calls(self.ledger, tables, codes, opened)

    def _without_changes(self, numbers: pl.DataFrame) -> SettledCalls:
        """The settled calls of files that were just written."""
        opened = self.files.open()
        if opened is None:
            raise FileNotFoundError(self.files.folder)
        return without_changes(opened, numbers)

    async def _write_changed(self, calls: SettledCalls, edition: Edition) -> SyncedTable:
        opened = calls.days
        if not calls.has_changes:
            return await self._commit(edition, [], opened.files.values())
        with panics_as_errors():
            stored = await asyncio.to_thread(opened.scan().filter(calls.touched).select(_DAY).unique().collect)
        days = sorted({*stored["day"], *calls.fresh["dialed_at"].dt.date()})
        rows = sum(opened.files[day].rows for day in days if day in opened.files) + calls.fresh.height
        self.progress(NAME, "counted", 0, rows)
        written: list[DayFile] = []
        for day in days:
            with panics_as_errors():
                written += await asyncio.to_thread(self._write, stored_calls(calls.rows([day]), calls.numbers))
            self.progress(NAME, "written", sum(file.rows for file in written), rows)
        unchanged = [file for day, file in opened.files.items() if day not in days]
        return await self._commit(edition, written, unchanged)

    async def _write_all(self, tables: CurrentTables, codes: Codes, edition: Edition) -> SyncedTable:
        attempts = (await tables.read("attempts", ATTEMPT_COLUMNS)).filter(pl.col("dialed_at").is_not_null())
        leads = as_of_calls(await tables.read("leads", LEAD_COLUMNS))
        numbers = await tables.numbers()
        with panics_as_errors():
            counts = await asyncio.to_thread(attempts.group_by(_DAY).agg(pl.len()).sort("day").collect)
        by_day = dict(counts.iter_rows())
        self.progress(NAME, "counted", 0, sum(by_day.values()))
        written: list[DayFile] = []
        for first, last in _chunks(by_day):
            some = settle(attempts.filter(_of_days(first, last)), leads, codes)
            with panics_as_errors():
                written += await asyncio.to_thread(self._write, stored_calls(some, numbers))
            self.progress(NAME, "written", sum(file.rows for file in written), sum(by_day.values()))
        return await self._commit(edition, written, [])

    def _write(self, calls: pl.LazyFrame) -> list[DayFile]:
        rows = calls.with_columns(_DAY).sort("dialed_at").collect()
        days = rows.partition_by("day", as_dict=True, include_key=False)
        return [self.files.write(day, of_day) for (day,), of_day in days.items()]

    async def _commit(
        self, edition: Edition, written: Collection[DayFile], unchanged: Collection[DayFile]
    ) -> SyncedTable:
        await asyncio.to_thread(self.files.commit, edition, [*unchanged, *written])
        rows = sum(file.rows for file in written)
        self.progress(NAME, "committed", rows, rows)
        return SyncedTable(NAME, rows, len(written))


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
