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
from reports.store.day_files import OpenedDays

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
        dialed = self.calls.rows(days).filter(happened_by("dialed_at", self.at))
        others = dialed.filter(~is_of(self._leads["lead"]))
        if self.late["lead"].null_count():
            others = others.filter(pl.col("lead").is_not_null() | ~self._changed_later)
        stood = (
            self._of_leads if days is None else self._of_leads.filter(pl.col("dialed_at").dt.date().is_in(list(days)))
        )
        return pl.concat([others, stood.lazy()])

    @cached_property
    def _of_leads(self) -> pl.DataFrame:
        """The calls to leads of _leads, and those without a lead that changed later, as they stood."""
        dialed = self.calls.rows().filter(happened_by("dialed_at", self.at) & is_of(self._leads["lead"]))
        unchanged = dialed.filter(~self._changed_later).pipe(_with_columns_of, self._leads)
        return pl.concat([unchanged.collect(engine="streaming"), self._settled])

    @property
    def _changed_later(self) -> pl.Expr:
        """Whether anything happened to a call after the moment."""
        return pl.col("last_at") > instant(self.at)

    @cached_property
    def late(self) -> pl.DataFrame:
        """The calls that changed later, by key, with their lead and start."""
        dialed = self.calls.rows().filter(happened_by("dialed_at", self.at) & self._changed_later)
        return dialed.select(*KEY, "lead", "dialed_at").collect(engine="streaming")

    @cached_property
    def _settled(self) -> pl.DataFrame:
        """These calls, settled as they stood."""
        late = self.late
        since = instant(late["dialed_at"].min() or self.at)  # type: ignore[arg-type]
        attempts = self.tables["attempts"].filter(pl.col("dialed_at") >= since)
        oflate = {
            "attempts": attempts.join(late.lazy(), on=KEY, how="semi").collect().lazy(),
            "dispositions": self.tables["dispositions"].join(late.lazy(), on=KEY, how="semi").collect().lazy(),
        }
        stood = as_it_stood(_whole(oflate), self.at, self.context)
        settled = settle(stood["attempts"], as_of_calls(self._leads.lazy()), self.context.codes)
        return settled.select(*MARKED_CALL).collect()

    @cached_property
    def _leads(self) -> pl.DataFrame:
        """The leads that changed later, and those of calls that did, as they stood."""
        at = instant(self.at)
        later = [(pl.col(name) > at).fill_null(value=False) for name in ("received_at", "closed_at")]
        leads = self.tables["leads"]
        some = leads.filter(pl.any_horizontal(later) | pl.col("lead").is_in(self.late["lead"].drop_nulls().implode()))
        stood = as_it_stood(_whole({"leads": some}), self.at, self.context)
        return stood["leads"].select(*LEAD_COLUMNS).collect()


async def open_stood_calls(
    calls: SettledCalls, tables: CurrentTables, at: datetime, context: ResolveContext
) -> StoodCalls:
    """The settled calls as they stood at a moment."""
    read = {name: await tables.read(name, sorted(columns)) for name, columns in _COLUMNS.items()}
    return StoodCalls(calls, read, at, context)


def _with_columns_of(calls: pl.LazyFrame, leads: pl.DataFrame) -> pl.LazyFrame:
    """Calls with what they take from these leads; those of other leads keep what they have."""
    stood = as_of_calls(leads.lazy()).select("lead", pl.col(*OF_LEAD).name.suffix("_then"), stood=pl.lit(value=True))
    joined = calls.join(stood, on="lead", how="left")
    then = [pl.when("stood").then(f"{name}_then").otherwise(name).alias(name) for name in OF_LEAD]
    return joined.with_columns(then).select(*MARKED_CALL)


def _whole(tables: Tables) -> dict[str, pl.LazyFrame]:
    return {name: rows.match_to_schema(TABLES[name].columns, missing_columns="insert") for name, rows in tables.items()}
