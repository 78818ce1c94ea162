"""Facts by lead: materialised rows of leads and deals, from the files of this machine and from what changed since.

What a lead has gone through depends on its own calls and follow-ups, and on requests of the same person; a deal depends
on its moves and its lead. So their rows are materialised once, when the files are brought up to date (`Stages` of a
frame). If anything of a lead has changed since, its rows, those of the same person's leads and those of their deals are
materialised anew, from their whole history. The rules are the same, here and without files.

What is dated later than the files has not happened for them. Such leads and deals are materialised anew, too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import polars as pl

from reports.facts.credits import CREDITS
from reports.facts.first_contacts import FIRST_CONTACTS
from reports.facts.given_up import GIVEN_UP
from reports.facts.leads import LEADS
from reports.facts.open_contacts import OPEN_CONTACTS
from reports.facts.opportunities import OPPORTUNITIES
from reports.facts.spend import SPEND
from reports.measures.frame import CurrentRows, Frame, Stages
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.tables import TABLES, Tables
from reports.model.types import Schema
from reports.model.windows import Window
from reports.query.plan import Scan
from reports.query.shared_calls import hold
from reports.query.stored.call_selection import days_of
from reports.query.stored.settled_calls import SettledCalls
from reports.query.stored.stood_calls import StoodCalls
from reports.query.stored.stored_rows import as_made, as_stored, id_of, is_of, stored_columns
from reports.query.stored.touched import Touched, find_touched
from reports.rules.calls import CALL, CALLS, SETTLED
from reports.rules.lead_selection import KINDS_OF_GOALS
from reports.store.current_tables import CurrentTables
from reports.store.file_spans import days_between
from reports.store.ledger import Ledger
from reports.store.opened_days import OpenedDays

# The frames whose rows are materialised.
FRAMES = {
    frame.name: frame for frame in (LEADS, OPEN_CONTACTS, FIRST_CONTACTS, GIVEN_UP, OPPORTUNITIES, CREDITS, SPEND)
}
# The tables, other than calls, that they are made from.
_TABLES = ("leads", "follow_ups", "stage_changes")
# A cost of all time: every lead is one that costs may have bought.
_ANY_COST = pl.LazyFrame({"from_on": [date.min], "to_on": [date.max]})
_UTC = ZoneInfo("UTC")
_ALWAYS = Window(datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC), _UTC)


def stages_of(frame: Frame) -> Stages:
    """The stages of a frame whose rows are materialised."""
    if frame.stages is None:
        raise LookupError(f"{frame.name} has no stages")
    return frame.stages


def stored_as(frame: Frame) -> Frame | None:
    """The frame of FRAMES with the materialised rows that a frame reads: itself, or one that materialises the same."""
    if frame.stages is None:
        return None
    made = frame.stages.materialise
    return next((stored for stored in FRAMES.values() if stages_of(stored).materialise is made), None)


def materialised(frame: Frame) -> Schema:
    """The columns of a frame's materialised rows, with the id of their subject."""
    stages = stages_of(frame)
    return {**stages.columns, f"{stages.subject}_id": pl.UInt64}


def stored_facts(frame: Frame) -> Schema:
    """The columns of a frame's files."""
    return stored_columns(materialised(frame))


def day_of(frame: Frame) -> pl.Expr:
    """The day of a materialised row."""
    return pl.col(stages_of(frame).at).dt.date().alias("day")


def days_read(scan: Scan, rows: CurrentRows) -> set[date] | None:
    """The UTC days of the materialised rows that a scan reads; None for all days. rows: what `finish` reads itself."""
    stages = stages_of(scan.frame)
    if stages.reads:
        return days_between(*stages.reads(rows, scan.context))
    return days_of(scan.window) if scan.anchor == stages.at else None


@dataclass(frozen=True, eq=False)
class LeadHistories:
    """What rows of leads are materialised from, in one snapshot. tables: those of _TABLES. until: its moment."""

    calls: SettledCalls | StoodCalls
    tables: Tables
    codes: Codes
    until: datetime

    def materialise(self, frame: Frame, touched: Touched, tables: Tables) -> pl.DataFrame:
        """The rows of some leads, deals and calls without a lead. tables: those of `tables_of` them."""
        stages, context = stages_of(frame), self._context
        rows = {source.name: source.make(tables, context, tuple(source.columns)) for source in stages.inputs(frame)}
        mine = touched.names(stages.subject).to_frame(stages.subject).lazy()
        known = stages.materialise(rows, self.codes).join(mine, on=stages.subject, how="semi")
        return known.with_columns(id_of(stages.subject)).collect()

    @property
    def _context(self) -> ResolveContext:
        return ResolveContext(
            codes=self.codes, window=_ALWAYS, until=self.until, account_zone=_UTC, about=KINDS_OF_GOALS
        )

    def tables_of(self, touched: Touched) -> Tables:
        """The rows that these are made from: their deals with all moves, and the leads of these deals as well."""
        deals = self._deals_of(touched)
        moves = self.tables["stage_changes"].join(deals, on="opportunity", how="semi").collect()
        leads = pl.concat([touched.leads, moves["lead"].drop_nulls()]).unique()
        these = leads.to_frame("lead").lazy()
        of_leads = {
            name: self.tables[name].join(these, on="lead", how="semi").collect().lazy()
            for name in ("leads", "follow_ups")
        }
        settled = self.calls.where(is_of(leads)).join(these, on="lead", how="semi")
        tables = {**of_leads, "stage_changes": moves.lazy(), "spend": _ANY_COST}
        both = pl.concat([settled, touched.without_lead])
        calls = CALLS.make({**tables, SETTLED: both}, self._context, tuple(CALL))
        return {**tables, **hold(calls, tuple(CALL))}

    def _deals_of(self, touched: Touched) -> pl.LazyFrame:
        """The touched deals, and all others that a touched lead may have."""
        named = self.tables["stage_changes"].filter(pl.col("lead").is_in(touched.leads.implode()))
        return pl.concat([touched.deals.to_frame("opportunity").lazy(), named.select("opportunity")]).unique()


@dataclass(frozen=True, eq=False)
class LeadFacts:
    """The materialised rows of one snapshot. touched: the subjects of rows in the files that may be outdated."""

    files: Mapping[str, OpenedDays]
    histories: LeadHistories
    touched: Touched

    def rows(self, frame: Frame, days: Collection[date] | None = None) -> pl.LazyFrame:
        """The rows of a frame whose moment is in some days, or all rows, and the id of their subject."""
        stored = self.files[frame.name].scan(days)
        numbers = self.histories.calls.numbers
        columns = materialised(frame)
        if not self.touched:
            return as_made(stored, columns, numbers)
        fresh = self._fresh(frame)
        if days is not None:
            fresh = fresh.filter(day_of(frame).is_in(list(days)))
        subject = stages_of(frame).subject
        names = self.touched.names(subject)
        others = as_made(self.files[frame.name].find(is_of(names, subject), days).lazy(), columns, numbers)
        others = others.join(names.to_frame(subject).lazy(), on=subject, how="anti")
        untouched = as_made(stored.filter(~is_of(names, subject)), columns, numbers)
        return pl.concat([untouched, others, fresh.select(*columns).lazy()])

    def touched_days(self, frame: Frame) -> set[date]:
        """The days of touched rows, in the files and now."""
        subject, day = stages_of(frame).subject, day_of(frame)
        rows = self.files[frame.name].scan().filter(is_of(self.touched.names(subject), subject))
        stored = rows.select(day).unique().collect()["day"]
        return {*stored, *self._fresh(frame).select(day).to_series().drop_nulls()}

    def _fresh(self, frame: Frame) -> pl.DataFrame:
        """The touched rows, materialised anew."""
        if frame.name not in self._made:
            self._made[frame.name] = self.histories.materialise(frame, self.touched, self._tables)
        return self._made[frame.name]

    @cached_property
    def _tables(self) -> Tables:
        return self.histories.tables_of(self.touched)

    @cached_property
    def _made(self) -> dict[str, pl.DataFrame]:
        return {}


async def open_histories(calls: SettledCalls, tables: CurrentTables, codes: Codes, until: datetime) -> LeadHistories:
    """What rows of leads are materialised from."""
    read = {name: await tables.read(name, list(TABLES[name].columns)) for name in _TABLES}
    return LeadHistories(calls, read, codes, until)


async def open_lead_facts(
    ledger: Ledger, calls: SettledCalls, files: Mapping[str, OpenedDays], histories: LeadHistories
) -> LeadFacts | None:
    """The materialised rows of a snapshot; None if too many codes count differently since they were made.

    files: usable ones, of the same edition as the settled calls.
    """
    leads, deals = files[LEADS.name].scan(), files[OPPORTUNITIES.name].scan()
    known = await _known_leads(ledger, calls, leads, histories.tables["leads"])
    histories = replace(histories, tables={**histories.tables, "leads": known})
    touched = await find_touched(ledger, calls, histories.tables, histories.codes, leads, deals)
    return LeadFacts(files, histories, touched) if touched is not None else None


async def _known_leads(ledger: Ledger, calls: SettledCalls, stored: pl.LazyFrame, leads: pl.LazyFrame) -> pl.LazyFrame:
    """The current leads, read from files but for those that changed and those that have no time of arrival."""
    columns, since = list(TABLES["leads"].columns), calls.days.edition.watermark
    gone = (await ledger.versions("leads", ["lead"], since)).unique().collect()
    changed = (await ledger.current_rows("leads", columns, since)).collect()
    timeless = leads.filter(pl.col("received_at").is_null()).select(columns)
    in_files = as_made(stored, {name: stages_of(LEADS).columns[name] for name in columns}, calls.numbers)
    others = [rows.join(gone.lazy(), on="lead", how="anti") if gone.height else rows for rows in (in_files, timeless)]
    return pl.concat([*others, changed.lazy()])


def as_stored_facts(frame: Frame, rows: pl.LazyFrame, numbers: pl.DataFrame) -> pl.LazyFrame:
    """Materialised rows with the columns of files."""
    return as_stored(rows, materialised(frame), numbers)
