"""The inbound calls that each kind of fact is made from: those of the window, and other calls of the same callers.

As in reports/rules/inputs.py, every function takes the tables, the context and the names of the columns to make.
"""

from collections.abc import Collection
from datetime import timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.rules.inbound.outcomes import CURRENT_INBOUND_CALL, LONGEST_WAIT
from reports.rules.lead_selection import happened_by, instant, within

# A caller without a call in this time is a first-time caller.
HORIZON = timedelta(days=365)
# An attempt this long before its case was opened may belong to it.
BEFORE_CASE = timedelta(days=1)


def inbound_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The inbound calls that arrived in the window."""
    return _with_leads(tables, tables["inbound_calls"].filter(within("arrived_at", context)), columns)


def calls_with_parts(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The inbound calls with a wait or an offer that may lie in the window: a part follows its call within a day."""
    since = instant(context.window.start - LONGEST_WAIT)
    arrived = (pl.col("arrived_at") >= since) & (pl.col("arrived_at") < instant(context.window.end))
    return _with_leads(tables, tables["inbound_calls"].filter(arrived), columns)


def caller_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The inbound calls of the window, and all calls of the same callers from a year before it to the report."""
    calls = tables["inbound_calls"]
    now = calls.filter(within("arrived_at", context))
    known = (pl.col("arrived_at") >= instant(context.window.start - HORIZON)) & happened_by("arrived_at", context.until)
    others = calls.filter(known & ~within("arrived_at", context))
    of_callers = others.join(now.select("caller").drop_nulls().unique(), on="caller", how="semi")
    return _with_leads(tables, pl.concat([now, of_callers]), columns)


def calls_back(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The attempts since the start of the window that rang at a caller or a lead."""
    del columns
    rang = ~pl.col("network_result").is_in(["cancelled", "blocked"]).fill_null(value=False)
    counts = ~pl.col("test").fill_null(value=False) & ~pl.col("spam").fill_null(value=False)
    since = (pl.col("dialed_at") >= instant(context.window.start)) & happened_by("dialed_at", context.until)
    to_someone = pl.col("callee").is_not_null() | pl.col("lead").is_not_null()
    return tables["attempts"].filter(since & rang & counts & to_someone)


def _with_leads(tables: Tables, calls: pl.LazyFrame, columns: Collection[str]) -> pl.LazyFrame:
    """Calls with what they take from their lead."""
    of_lead = [name for name in ("source", "test", "owner") if f"lead_{name}" in columns]
    if of_lead:
        leads = tables["leads"].select("lead", pl.col(of_lead).name.prefix("lead_"))
        calls = calls.join(leads, on="lead", how="left")
    return calls.match_to_schema(CURRENT_INBOUND_CALL, missing_columns="insert", extra_columns="ignore")


def cases(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The cases that were opened or resolved in the window, each with its lead and with what any case ever reports."""
    del columns
    leads = tables["leads"].select("lead", lead_source="source", lead_test="test")
    counted = within("opened_at", context) | within("resolved_at", context)
    reported = tables["cases"].select(
        reports_escalations=pl.col("escalated_at").is_not_null().any(),
        reports_reopenings=pl.col("reopened_at").is_not_null().any(),
    )
    return tables["cases"].filter(counted).join(leads, on="lead", how="left").join(reported, how="cross")


def case_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """All inbound calls that arrived by the report."""
    return _with_leads(tables, tables["inbound_calls"].filter(happened_by("arrived_at", context.until)), columns)


def case_attempts(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The attempts that rang by the report and may belong to a case of the window."""
    del columns
    rang = ~pl.col("network_result").is_in(["cancelled", "blocked"]).fill_null(value=False)
    since = pl.col("dialed_at") >= instant(context.window.start - BEFORE_CASE)
    return tables["attempts"].filter(since & happened_by("dialed_at", context.until) & rang)
