"""Settled calls as they stood at an earlier moment, for the earlier period of a comparison.

Most calls stand as they stood: nothing happened to them later. The others are settled anew from their attempts, by the
rules of reports/rules/as_it_stood.py. What calls take from their leads is that of the leads as they stood.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import TABLES, Tables
from reports.query.stored.settled_calls import (
    ATTEMPT_COLUMNS,
    LEAD_COLUMNS,
    MARKED_CALL,
    SettledCalls,
    as_of_calls,
    settle,
)
from reports.query.stored.stored_rows import is_of
from reports.rules.as_it_stood import STOOD, as_it_stood
from reports.rules.call_outcomes import OF_LEAD
from reports.rules.lead_selection import KEY, happened_by, instant
from reports.store.current_tables import CurrentTables
from reports.store.opened_days import OpenedDays

_COLUMNS = {
    "attempts": {*ATTEMPT_COLUMNS, *STOOD["attempts"]["attempts"]},
    "dispositions": {*STOOD["attempts"]["dispositions"]},
    "leads": {*LEAD_COLUMNS, *STOOD["leads"]["leads"], "owner"},
}


@dataclass(frozen=True, eq=False)
class StoodCalls:
    """The settled calls of a snapshot as they stood at a moment. tables: current ones, with the columns of _COLUMNS."""

    calls: SettledCalls
    tables: Tables
    at: datetime
    context: ResolveContext

    @property
    def numbers(self) -> pl.DataFrame:
        """Every phone number that calls may name, with its id."""
        return self.calls.numbers

    @property
    def days(self) -> OpenedDays:
        """The files that most calls are from."""
        return self.calls.days

    def rows(self, days: Collection[date] | None = None) -> pl.LazyFrame:
        """The calls of some days, or of all, with the columns of MARKED_CALL."""
        dialed = self.calls.rows(days).filter(happened_by("dialed_at", self.at) & ~self._changed_later)
        of_days = pl.lit(value=True) if days is None else pl.col("dialed_at").dt.date().is_in(list(days))
        return self._as_they_stood(dialed, of_days)

    def where(self, test: pl.Expr) -> pl.LazyFrame:
        """The calls that pass a test, which should be few, with the columns of MARKED_CALL.

        test: of columns that a call does not take from its lead.
        """
        dialed = self.calls.where(test & happened_by("dialed_at", self.at) & ~self._changed_later)
        return self._as_they_stood(dialed, test)

    def _as_they_stood(self, dialed: pl.LazyFrame, test: pl.Expr) -> pl.LazyFrame:
        """Calls of today that stood as they are, and those that did not; both pass a test."""
        of_changed = is_of(self._leads["lead"])
        changed = dialed.filter(of_changed).pipe(_with_columns_of, self._leads)
        return pl.concat([dialed.filter(~of_changed), changed, self._settled.lazy().filter(test)])

    @property
    def _changed_later(self) -> pl.Expr:
        """Whether anything happened to a call after the moment."""
        return pl.col("last_at") > instant(self.at)

    @cached_property
    def late(self) -> pl.DataFrame:
        """The calls that changed later, by key, with their start, their lead and what they take from it."""
        dialed = self.calls.where(happened_by("dialed_at", self.at) & self._changed_later)
        return dialed.select(*KEY, "dialed_at", "lead", *OF_LEAD).collect()

    @cached_property
    def _settled(self) -> pl.DataFrame:
        """These calls, settled as they stood."""
        late = self.late
        since = instant(late["dialed_at"].min() or self.at)  # type: ignore[arg-type]
        attempts = self.tables["attempts"].filter(pl.col("dialed_at") >= since)
        of_late = {
            "attempts": attempts.join(late.lazy(), on=KEY, how="semi").collect().lazy(),
            "dispositions": self.tables["dispositions"].join(late.lazy(), on=KEY, how="semi").collect().lazy(),
        }
        stood = as_it_stood(_whole(of_late), self.at, self.context)
        others = late.join(self._leads, on="lead", how="anti").drop_nulls("lead").unique("lead")
        leads = pl.concat([as_of_calls(self._leads.lazy()), others.lazy().select("lead", *OF_LEAD)])
        return settle(stood["attempts"], leads, self.context.codes).select(*MARKED_CALL).collect()

    @cached_property
    def _leads(self) -> pl.DataFrame:
        """The leads that changed later, as they stood."""
        later = (pl.col("received_at") > instant(self.at)) | (pl.col("closed_at") > instant(self.at))
        stood = as_it_stood(_whole({"leads": self.tables["leads"].filter(later)}), self.at, self.context)
        return stood["leads"].select(*LEAD_COLUMNS).collect()


async def open_stood_calls(
    calls: SettledCalls, tables: CurrentTables, leads: pl.LazyFrame | None, at: datetime, context: ResolveContext
) -> StoodCalls:
    """The settled calls as they stood at a moment. leads: the current leads, if they were read before."""
    read = {name: await tables.read(name, sorted(columns)) for name, columns in _COLUMNS.items() if name != "leads"}
    if leads is None:
        leads = await tables.read("leads", sorted(_COLUMNS["leads"]))
    return StoodCalls(calls, {**read, "leads": leads}, at, context)


def _with_columns_of(calls: pl.LazyFrame, leads: pl.DataFrame) -> pl.LazyFrame:
    """Calls with what they take from these leads; those of other leads keep what they have."""
    stood = as_of_calls(leads.lazy()).select("lead", pl.col(*OF_LEAD).name.suffix("_then"), stood=pl.lit(value=True))
    joined = calls.join(stood, on="lead", how="left")
    then = [pl.when("stood").then(f"{name}_then").otherwise(name).alias(name) for name in OF_LEAD]
    return joined.with_columns(then).select(*MARKED_CALL)


def _whole(tables: Tables) -> dict[str, pl.LazyFrame]:
    return {name: rows.match_to_schema(TABLES[name].columns, missing_columns="insert") for name, rows in tables.items()}
