"""Files of materialised rows brought up to date: the days of leads of which something changed are written again.

Without usable files, the rows of all leads are materialised, in groups that fit into memory.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from reports.measures.frame import Frame
from reports.query.stored.lead_facts import (
    FRAMES,
    LeadFacts,
    LeadHistories,
    as_stored_facts,
    day_of,
    open_lead_facts,
    stages_of,
    stored_facts,
)
from reports.query.stored.rewriting import rewrite, write_spans
from reports.query.stored.settled_calls import SettledCalls
from reports.query.stored.touched import Touched
from reports.rules.lead_selection import KEY
from reports.rules.touchpoints import RESULTS_OF_GOALS
from reports.store.day_files import DayFiles
from reports.store.doubts import panics_as_errors
from reports.store.file_spans import Spans
from reports.store.lake import Lake
from reports.store.ledger import Ledger
from reports.store.opened_days import DayFile, Edition, OpenedDays
from reports.store.sync import Progress, SyncedTable

NAME = "facts_by_lead"
# Calls in memory at a time.
_CALLS_AT_ONCE = 500_000


def fact_files(lake: Lake, account_id: int) -> dict[str, DayFiles]:
    """The places of an account's materialised rows, by frame; empty where no files are made."""
    if lake.cache is None:
        return {}
    return {name: DayFiles(lake.cache / str(account_id) / name, stored_facts(frame)) for name, frame in FRAMES.items()}


def open_facts(lake: Lake, account_id: int) -> Mapping[str, OpenedDays]:
    """The materialised rows of an account as they are now."""
    opened = {name: files.open() for name, files in fact_files(lake, account_id).items()}
    return {name: days for name, days in opened.items() if days}


def are_of(facts: Mapping[str, OpenedDays], edition: Edition) -> bool:
    """Whether there are materialised rows of every frame, all of the edition of settled calls."""
    return len(facts) == len(FRAMES) and all(days.edition == edition for days in facts.values())


@dataclass(frozen=True)
class FactSync:
    """The sync of an account's materialised rows. files: their places; histories: what they are made from."""

    files: Mapping[str, DayFiles]
    calls: SettledCalls
    histories: LeadHistories
    progress: Progress

    async def changed(self, ledger: Ledger, opened: Mapping[str, OpenedDays]) -> LeadFacts | None:
        """The rows with what changed since the files were written; None if the files cannot serve."""
        intact = are_of(opened, self.calls.days.edition) and all(days.is_intact for days in opened.values())
        return await open_lead_facts(ledger, self.calls, opened, self.histories) if intact else None

    async def write(self, facts: LeadFacts | None) -> dict[str, list[DayFile]]:
        """Write the files of an edition to come, by frame. They count once they are committed."""
        with panics_as_errors():
            if facts is not None:
                return await asyncio.to_thread(self._write_touched, facts)
            return await asyncio.to_thread(self._write_all)

    def commit(self, edition: Edition, written: Mapping[str, list[DayFile]]) -> SyncedTable:
        """Let written files count."""
        before = {file.name for place in self.files.values() if (opened := place.open()) for file in opened.files}
        for name, files in written.items():
            self.files[name].commit(edition, files)
        new = [file for files in written.values() for file in files if file.name not in before]
        return SyncedTable(NAME, sum(file.rows for file in new), len(new))

    def _write_touched(self, facts: LeadFacts) -> dict[str, list[DayFile]]:
        return {name: list(self._write_frame(frame, facts)) for name, frame in FRAMES.items()}

    def _write_frame(self, frame: Frame, facts: LeadFacts) -> Iterator[DayFile]:
        """All files of a frame: those without touched leads as they are, the others written again."""

        def rows_of(days: set[date]) -> pl.DataFrame:
            return as_stored_facts(frame, facts.rows(frame, days), self.calls.numbers).collect()

        files, place = facts.files[frame.name], self.files[frame.name]
        days = facts.touched_days(frame) if facts.touched else set[date]()
        return rewrite(place, files, days, self.histories.until, stages_of(frame).at, rows_of)

    def _write_all(self) -> dict[str, list[DayFile]]:
        pieces: dict[str, list[Path]] = {name: [] for name in FRAMES}
        groups = self._groups()
        total = sum(group.leads.len() for group in groups)
        self.progress(NAME, "counted", 0, total)
        done = 0
        for group in groups:
            tables = self.histories.tables_of(group)
            for name, frame in FRAMES.items():
                rows = self.histories.materialise(frame, group, tables)
                stored = as_stored_facts(frame, rows.lazy(), self.calls.numbers).collect()
                pieces[name].append(self.files[name].write_piece(stored))
            done += group.leads.len()
            self.progress(NAME, "written", done, total)
        return {name: list(self._write_pieces(FRAMES[name], paths)) for name, paths in pieces.items()}

    def _write_pieces(self, frame: Frame, pieces: list[Path]) -> Iterator[DayFile]:
        """The rows of all groups, in one file for each span, and without the pieces."""
        place, at, spans = self.files[frame.name], stages_of(frame).at, Spans(self.histories.until)
        rows = pl.scan_ipc(pieces)
        days = rows.select(day_of(frame)).unique().collect()["day"].drop_nulls()
        for span in sorted(set(spans.of(days).values())):
            of_span = rows.filter(day_of(frame).is_between(span.first, span.last)).collect()
            yield from write_spans(place, of_span, at, spans)
        for piece in pieces:
            piece.unlink()

    def _groups(self) -> list[Touched]:
        """All leads and deals in groups, each with all leads of its persons. Calls without a lead are in the first."""
        tables, calls = self.histories.tables, self.calls
        count = max(1, -(-calls.days.rows // _CALLS_AT_ONCE))
        named = [calls.rows().select("lead"), tables["stage_changes"].select("lead")]
        known = (
            pl.concat(named)
            .drop_nulls()
            .unique()
            .join(tables["leads"].select("lead", "person"), on="lead", how="full", coalesce=True)
        )
        person = pl.when(pl.col("person").is_not_null()).then(pl.col("person").hash())
        leads = known.select("lead", group=pl.coalesce(person, pl.col("lead").hash()) % count).collect()
        deals = tables["stage_changes"].select("opportunity").drop_nulls().unique().collect()["opportunity"]
        lone = calls.rows().filter(pl.col("lead").is_null() & pl.col("result").is_in(RESULTS_OF_GOALS)).collect()
        return [
            Touched(
                leads=leads.filter(pl.col("group") == number)["lead"],
                deals=deals.filter(deals.hash() % count == number),
                calls=some.select(KEY),
                without_lead=some.lazy(),
            )
            for number, some in enumerate([lone, *[lone.clear()] * (count - 1)])
        ]
