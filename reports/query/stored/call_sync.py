"""The store brought up to date: what this machine makes of the ledger and of its lake.

Only days with changed calls are written again. Without usable files, all days are written, from the lake and the
changes since.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl
from polars.exceptions import PolarsError

from reports.model.codes import Codes
from reports.query.stored.fact_sync import FactSync, fact_files, open_facts
from reports.query.stored.lead_facts import open_histories
from reports.query.stored.rewriting import rewrite, write_spans
from reports.query.stored.settled_calls import (
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
from reports.rules.lead_selection import instant
from reports.store.copies import Copies
from reports.store.current_tables import CurrentTables
from reports.store.day_files import DayFiles
from reports.store.doubts import EngineError, doubt, is_doubted, panics_as_errors, trust
from reports.store.durable import UnwritableError
from reports.store.file_spans import Span, Spans
from reports.store.lake import Lake
from reports.store.ledger import Ledger, LedgerState
from reports.store.opened_days import DayFile, Edition, OpenedDays, broken_of
from reports.store.sync import Progress, SyncedTable, no_progress

NAME = "settled_calls"
# Calls in memory at a time.
_ROWS_AT_ONCE = 500_000
_AT = "dialed_at"
_DAY = pl.col(_AT).dt.date().alias("day")


def open_copies(lake: Lake, account_id: int) -> Copies:
    """The copies of an account as they are now."""
    files = call_files(lake, account_id)
    # The files open first: they never know more than the lake and the snapshot.
    opened, facts = files.open() if files else None, open_facts(lake, account_id)
    return Copies(lake.open_all(account_id), opened, facts)


def call_files(lake: Lake, account_id: int) -> DayFiles | None:
    """The place of an account's settled calls; None where no files are made."""
    return None if lake.cache is None else DayFiles(lake.cache / str(account_id) / "calls", STORED_CALL)


async def sync_store(
    ledger: Ledger, lake: Lake, progress: Progress = no_progress, *, rebuild: bool = False, thorough: bool = False
) -> list[SyncedTable]:
    """Bring an account's files on this machine up to the ledger's snapshot; nothing where no files are made.

    One process of a machine does so at a time. thorough: compare checksums even of files that are not in doubt. Raises
    OSError for a full disk.
    """
    files = call_files(lake, ledger.account_id)
    if files is None:
        return []
    state = await ledger.state()
    codes = await ledger.codes(None, state.account.zone.key)
    copies = await asyncio.to_thread(open_copies, lake, ledger.account_id)
    tables = CurrentTables(ledger, state, None, copies.tables)
    turn = _StoreSync(ledger, state, codes, tables, files, fact_files(lake, ledger.account_id), progress)
    return await turn.sync(Copies() if rebuild else copies, thorough=thorough)


def clear_copies(lake: Lake, account_id: int, *, at_once: bool) -> None:
    """Delete the files of the store that no longer count. at_once: also those that readers may still use."""
    files = call_files(lake, account_id)
    for place in (*([files] if files else []), *fact_files(lake, account_id).values()):
        place.clear(at_once=at_once)


@dataclass(frozen=True)
class _StoreSync:
    """The sync of an account's settled calls, and of the rows made of them by lead."""

    ledger: Ledger
    state: LedgerState
    codes: Codes
    tables: CurrentTables
    files: DayFiles
    fact_files: Mapping[str, DayFiles]
    progress: Progress

    async def sync(self, opened: Copies, *, thorough: bool) -> list[SyncedTable]:
        """Write the days with changes, or all days of files that cannot be used. If that fails, no new file stays."""
        try:
            usable = await asyncio.to_thread(self._usable, opened, thorough=thorough)
            done = await self._sync_readable(usable)
        except BaseException:
            with suppress(OSError):
                for place in self._places:
                    place.clear(at_once=False)
            raise
        for place in self._places:
            trust(str(place.folder))
        return done

    @property
    def _places(self) -> list[DayFiles]:
        return [self.files, *self.fact_files.values()]

    def _usable(self, opened: Copies, *, thorough: bool) -> Copies:
        """The files that can serve; those of calls must."""
        if opened.calls is None or not opened.calls.is_for(self.state):
            return Copies()
        everything = [opened.calls, *opened.facts.values()]
        by_content = thorough or any(is_doubted(days.address) for days in everything)
        broken = broken_of(everything, by_content=by_content)
        for days in broken:
            doubt(days.address, "a file is missing or broken")
        facts = {name: days for name, days in opened.facts.items() if days not in broken}
        return Copies() if opened.calls in broken else Copies(calls=opened.calls, facts=facts)

    async def _sync_readable(self, opened: Copies) -> list[SyncedTable]:
        """Sync with the copies that can be read: first without the store's files, then also without the lake."""
        try:
            with panics_as_errors():
                return await self._sync(opened)
        except (PolarsError, EngineError, OSError) as error:
            if isinstance(error, ConnectionError | TimeoutError | UnwritableError):
                raise
            lake = [copy.address for copy in self.tables.copies.values()]
            broken = broken_of(filter(None, (place.open() for place in self._places)))
            doubtful = [str(place.folder) for place in self._places] if opened.calls else lake
            if broken and opened.calls is None:
                # Files that this sync has just written are gone: not the lake's fault, and the next sync writes them.
                for days in broken:
                    doubt(days.address, "a file is missing or broken")
                raise
            if not doubtful:
                raise
            for address in doubtful:
                doubt(address, type(error.__cause__ or error).__name__)
            if opened.calls is None:
                self.tables.forget_copies()
        return await self._sync_readable(Copies())

    async def _sync(self, opened: Copies) -> list[SyncedTable]:
        account, codes, tables = self.state.account, self.codes, self.tables
        edition = Edition(self.state.ledger_id, self.state.watermark, codes.meanings, codes.readings, account.taken_at)
        calls = await open_settled_calls(self.ledger, tables, codes, opened.calls) if opened.calls else None
        if calls is None:
            done = [await self._write_all(edition)]
            calls, facts = self._without_changes(await tables.numbers()), dict[str, OpenedDays]()
        else:
            done, facts = [], opened.facts
        histories = await open_histories(calls, tables, codes, account.taken_at)
        fact_sync = FactSync(self.fact_files, calls, histories, self.progress)
        changed = await fact_sync.changed(self.ledger, facts)
        same_codes = (calls.days.edition.meanings, calls.days.edition.readings) == (edition.meanings, edition.readings)
        if changed is not None and not changed.touched and not calls.has_changes and same_codes:
            return done
        written = await fact_sync.write(changed)
        if not done:
            done = [await self._write_changed(calls, edition)]
        done.append(await asyncio.to_thread(fact_sync.commit, edition, written))
        return done

    def _without_changes(self, numbers: pl.DataFrame) -> SettledCalls:
        """The settled calls of files that were just written."""
        opened = self.files.open()
        if opened is None:
            raise FileNotFoundError(self.files.folder)
        return without_changes(opened, numbers)

    async def _write_changed(self, calls: SettledCalls, edition: Edition) -> SyncedTable:
        opened = calls.days
        if not calls.has_changes:
            return await self._commit(edition, [], opened.files)
        with panics_as_errors():
            files = await asyncio.to_thread(self._rewrite, calls, edition)
        unchanged = {file.name for file in opened.files}
        written = [file for file in files if file.name not in unchanged]
        return await self._commit(edition, written, [file for file in files if file.name in unchanged])

    def _rewrite(self, calls: SettledCalls, edition: Edition) -> list[DayFile]:
        """All files of the calls, those with changes written again."""
        stored = calls.days.scan().filter(calls.touched).select(_DAY).unique().collect()["day"]
        days = {*stored, *calls.fresh["dialed_at"].dt.date()}
        self.progress(NAME, "counted", 0, calls.days.rows)

        def rows_of(some: set[date]) -> pl.DataFrame:
            return stored_calls(calls.rows(some), calls.numbers).collect()

        return list(rewrite(self.files, calls.days, days, edition.moment, _AT, rows_of))

    async def _write_all(self, edition: Edition) -> SyncedTable:
        attempts = (await self.tables.read("attempts", ATTEMPT_COLUMNS)).filter(pl.col("dialed_at").is_not_null())
        leads = as_of_calls(await self.tables.read("leads", LEAD_COLUMNS))
        numbers = await self.tables.numbers()
        with panics_as_errors():
            counts = await asyncio.to_thread(attempts.group_by(_DAY).agg(pl.len()).sort("day").collect)
        by_day = dict(counts.iter_rows())
        self.progress(NAME, "counted", 0, sum(by_day.values()))
        written: list[DayFile] = []
        spans = Spans(edition.moment)
        for some_days in _chunks(by_day, spans):
            some = settle(attempts.filter(_of_days(some_days)), leads, self.codes)
            with panics_as_errors():
                written += await asyncio.to_thread(self._write, stored_calls(some, numbers), spans)
            self.progress(NAME, "written", sum(file.rows for file in written), sum(by_day.values()))
        return await self._commit(edition, written, [])

    def _write(self, calls: pl.LazyFrame, spans: Spans) -> list[DayFile]:
        return write_spans(self.files, calls.collect(), _AT, spans)

    async def _commit(
        self, edition: Edition, written: Collection[DayFile], unchanged: Collection[DayFile]
    ) -> SyncedTable:
        await asyncio.to_thread(self.files.commit, edition, [*unchanged, *written])
        rows = sum(file.rows for file in written)
        self.progress(NAME, "committed", rows, rows)
        return SyncedTable(NAME, rows, len(written))


def _chunks(by_day: Mapping[date, int], spans: Spans) -> Iterator[Span]:
    """Days whose calls fit into memory together, in order. by_day: the calls of each day."""
    by_span: dict[Span, int] = {}
    for day, span in sorted(spans.of(by_day).items()):
        by_span[span] = by_span.get(span, 0) + by_day[day]
    some: list[Span] = []
    rows = 0
    for span, count in by_span.items():
        if some and rows + count > _ROWS_AT_ONCE:
            yield Span(some[0].first, some[-1].last)
            some, rows = [], 0
        some.append(span)
        rows += count
    if some:
        yield Span(some[0].first, some[-1].last)


def _of_days(span: Span) -> pl.Expr:
    """Whether a call is of some days."""
    start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (span.first, span.last))
    return pl.col(_AT).is_between(instant(start), instant(end + timedelta(days=1)), closed="left")
