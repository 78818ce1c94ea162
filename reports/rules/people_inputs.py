"""The rows that facts about people, costs and customers are made from. They cover whole days of the account.

Like reports/rules/inputs.py, every function takes the tables, the context and the names of the columns to make. It
selects rows and decides nothing about what they count as.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.model.windows import Window, day_of, start_of
from reports.rules import inputs
from reports.rules.inputs import as_integers
from reports.rules.lead_selection import instant


def whole_days_of(context: ResolveContext) -> Window:
    """The window, widened to whole days of the account."""
    first, last = _days_of(context)
    zone = context.account_zone
    return Window(start_of(first, zone), start_of(last + timedelta(days=1), zone), zone)


def attendance(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The states of agents on the days of the window, with their full length where they reach beyond it."""
    return inputs.agent_states(tables, replace(context, window=whole_days_of(context)), columns)


def schedules(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The plans of agents on the days of the window, with their full length where they reach beyond it."""
    del columns
    days = whole_days_of(context)
    within = (pl.col("from_at") < instant(days.end)) & (pl.col("to_at") > instant(days.start))
    return tables["schedules"].filter(within & pl.col("activity").is_not_null())


def staff(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The employments that have begun by the day after the window: the next one of an agent tells a move."""
    del columns
    known = _begun("joined_on", "left_on", context) & pl.col("agent").is_not_null()
    return tables["staff"].filter(known)


def running_costs(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The running costs with at least one day in the window."""
    del columns
    first, last = _days_of(context)
    costs = tables["running_costs"].filter((pl.col("to_on") >= first) & (pl.col("from_on") <= last))
    return costs.filter(pl.col("amount").is_not_null()).with_columns(as_integers("amount"))


def customers(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The contracts and sales that have begun by the day after the window, each with its lead."""
    of_lead = [name for name in ("source", "campaign", "owner", "test") if name in columns]
    begun = tables["customers"].filter(_begun("since_on", "until_on", context))
    begun = begun.with_columns(as_integers("value", "gross_profit"))
    return begun.join(tables["leads"].select("lead", *of_lead), on="lead", how="left")


def _begun(first: str, last: str, context: ResolveContext) -> pl.Expr:
    """Whether a row has begun by the day after the window, and has a day at all: corrections may leave it without."""
    _, end = _days_of(context)
    return (pl.col(first) <= end + timedelta(days=1)) & (pl.col(last) >= pl.col(first)).fill_null(value=True)


def _days_of(context: ResolveContext) -> tuple[date, date]:
    """The first and the last day of the account that the window touches."""
    first, last = (day_of(edge, context.account_zone) for edge in (context.window.start, context.window.end))
    return first, last
