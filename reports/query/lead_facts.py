"""Facts by lead: materialised rows of leads, from the files of this machine and from what changed since.

What a lead has gone through depends on its own calls and follow-ups, and on requests of the same person. So its rows
are materialised once, when the files are brought up to date (`Stages` of a frame). If anything of a lead has changed
since, its rows and those of the same person's leads are materialised anew, from their whole history. The rules are the
same, here and without files.

What is dated later than the files has not happened for them. Such leads are materialised anew, too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import polars as pl

from reports.facts.first_contacts import FIRST_CONTACTS
from reports.facts.given_up import GIVEN_UP
from reports.facts.leads import LEADS
from reports.facts.open_contacts import OPEN_CONTACTS
from reports.measures.frame import Frame, Stages
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.tables import TABLES, Tables
from reports.model.types import Schema
from reports.model.windows import Window
from reports.query.settled_calls import SettledCalls
from reports.query.shared_calls import hold
from reports.query.stored_rows import as_made, as_stored, is_of, lead_id, stored_columns
from reports.rules.calls import CALL, CALLS, SETTLED
from reports.rules.lead_selection import instant
from reports.store.current_tables import CurrentTables
from reports.store.day_files import OpenedDays
from reports.store.ledger import Ledger

# The frames whose rows are materialised by lead.
FRAMES = {frame.name: frame for frame in (LEADS, OPEN_CONTACTS, FIRST_CONTACTS, GIVEN_UP)}
# The tables, other than calls, that they are made from.
_TABLES = ("leads", "follow_ups")
_UTC = ZoneInfo("UTC")
_ALWAYS = Window(datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC), _UTC)


def stages_of(frame: Frame) -> Stages:
    """The stages of a frame of FRAMES."""
    if frame.stages is None:
        raise LookupError(f"{frame.name} has no stages")
    return frame.stages


def materialised(frame: Frame) -> Schema:
    """The columns of a frame's materialised rows, with the id of the lead."""
    return {**stages_of(frame).columns, "lead_id": pl.UInt64}


def stored_facts(frame: Frame) -> Schema:
    """The columns of a frame's files."""
    return stored_columns(materialised(frame))


@dataclass(frozen=True, eq=False)
class LeadHistories:
    """What rows of leads are materialised from, in one snapshot. tables: those of _TABLES. until: its moment."""

    calls: SettledCalls
    tables: Tables
    codes: Codes
    until: datetime

    def materialise(self, leads: pl.Series) -> dict[str, pl.DataFrame]:
        """The rows of some leads, by frame. All leads of a person must be among them."""
        context = ResolveContext(codes=self.codes, window=_ALWAYS, until=self.until, account_zone=_UTC)
        these = leads.to_frame("lead").lazy()
        of_leads = {
            name: rows.join(these, on="lead", how="semi").collect().lazy() for name, rows in self.tables.items()
        }
        settled = {**of_leads, SETTLED: self.calls.rows().filter(is_of(leads)).join(these, on="lead", how="semi")}
        tables = {**of_leads, **hold(CALLS.make(settled, context, tuple(CALL)), tuple(CALL))}
        made: dict[str, pl.DataFrame] = {}
        for name, frame in FRAMES.items():
            rows = {source.name: source.make(tables, context, tuple(source.columns)) for source in frame.inputs}
            made[name] = stages_of(frame).materialise(rows, self.codes).with_columns(lead_id()).collect()
        return made


@dataclass(frozen=True, eq=False)
class LeadFacts:
    """The materialised rows of leads in one snapshot. touched: the leads whose rows in the files may be outdated."""

    files: Mapping[str, OpenedDays]
    histories: LeadHistories
    touched: pl.Series

    def rows(self, frame: Frame, days: Collection[date] | None = None) -> pl.LazyFrame:
        """The rows of a frame whose moment is in some days, or all rows, and the id of their leads."""
        stored = self.files[frame.name].scan(days)
        numbers = self.histories.calls.numbers
        columns = materialised(frame)
        if not self.touched.len():
            return as_made(stored, columns, numbers)
        fresh = self._fresh[frame.name]
        if days is not None:
            fresh = fresh.filter(pl.col(frame.anchor).dt.date().is_in(list(days)))
        others = as_made(stored.filter(is_of(self.touched)), columns, numbers)
        others = others.join(self.touched.to_frame("lead").lazy(), on="lead", how="anti")
        untouched = as_made(stored.filter(~is_of(self.touched)), columns, numbers)
        return pl.concat([untouched, others, fresh.select(*columns).lazy()])

    def touched_days(self, frame: Frame) -> set[date]:
        """The days of touched rows, in the files and now."""
        day = pl.col(frame.anchor).dt.date().alias("day")
        stored = self.files[frame.name].scan().filter(is_of(self.touched)).select(day).unique().collect()["day"]
        return {*stored, *self._fresh[frame.name].select(day).drop_nulls()["day"]}

    @cached_property
    def _fresh(self) -> dict[str, pl.DataFrame]:
        return self.histories.materialise(self.touched)


async def open_histories(calls: SettledCalls, tables: CurrentTables, codes: Codes, until: datetime) -> LeadHistories:
    """What rows of leads are materialised from."""
    read = {name: await tables.read(name, list(TABLES[name].columns)) for name in _TABLES}
    return LeadHistories(calls, read, codes, until)


async def open_lead_facts(ledger: Ledger, files: Mapping[str, OpenedDays], histories: LeadHistories) -> LeadFacts:
    """The materialised rows of a snapshot. files: usable ones, of the same edition as the settled calls."""
    edition = histories.calls.days.edition
    changed = await ledger.current_rows("leads", ["lead", "person"], edition.watermark)
    versions = [
        (await ledger.versions(name, ["lead"], edition.watermark)).select("lead")
        for name in ("attempts", "leads", "follow_ups")
    ]
    later = pl.concat([_later_calls(histories.calls, edition.moment), _later_follow_ups(histories, edition.moment)])
    direct = pl.concat([*versions, later]).drop_nulls().unique().collect()["lead"]
    return LeadFacts(files, histories, _with_siblings(direct, changed.collect(), files[LEADS.name]))


def _later_calls(calls: SettledCalls, moment: datetime) -> pl.LazyFrame:
    """The leads of calls that are dated later than the files."""
    days = [day for day in calls.days.files if day >= moment.date()]
    return calls.rows(days).filter(pl.col("dialed_at") > instant(moment)).select("lead")


def _later_follow_ups(histories: LeadHistories, moment: datetime) -> pl.LazyFrame:
    return histories.tables["follow_ups"].filter(pl.col("done_at") > instant(moment)).select("lead")


def _with_siblings(leads: pl.Series, changed: pl.DataFrame, stored: OpenedDays) -> pl.Series:
    """Leads, and all leads of their persons, as these were for the files and as they are now."""
    known = stored.scan().select("lead", "person", "lead_id")
    before = known.filter(is_of(leads)).select("person").collect()["person"]
    persons = pl.concat([before, changed["person"]]).drop_nulls().unique()
    siblings = known.filter(pl.col("person").is_in(persons.implode())).select("lead").collect()["lead"]
    return pl.concat([leads, siblings]).unique()


def as_stored_facts(frame: Frame, rows: pl.LazyFrame, numbers: pl.DataFrame) -> pl.LazyFrame:
    """Materialised rows with the columns of files."""
    return as_stored(rows, materialised(frame), numbers)
