"""Calls: every attempt that was started, as it counts, in whatever kind of fact it is looked at.

Attempts are settled once for a whole report: by the rules of reports/rules/call_outcomes.py, and under its goal.
"""

from collections.abc import Collection

import polars as pl

from reports.measures.frame import Input
from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.model.types import INSTANT, Schema
from reports.rules.call_outcomes import CURRENT_ATTEMPT, RESOLVED_CALL, resolve_attempts
from reports.rules.regulatory_periods import period_of

# What a call can be asked to have come to.
GOALS = {
    "sale": ("sale",),
    "appointment": ("appointment",),
    "qualified": ("qualified",),
    "any": ("sale", "appointment", "qualified"),
}

CALL: Schema = {**RESOLVED_CALL, "goal": pl.Boolean, "period": pl.Date}
# When whom was called, and promised a call: what needs no settling.
DIAL: Schema = {
    "dialer": pl.String,
    "external_id": pl.String,
    "lead": pl.String,
    "dialed_at": INSTANT,
    "callback_at": INSTANT,
}

# What calls are told by their leads, and what is made of it.
_BY_LEADS = {"lead_source": "source", "lead_test": "test", "lead_closed_at": "lead_closed_at"}


def make_calls(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The wanted columns of every call, settled from what was said of it and of its lead."""
    dialed = tables["attempts"].filter(pl.col("dialed_at").is_not_null())
    told = [name for name, made in _BY_LEADS.items() if made in wanted]
    if told:
        leads = tables["leads"].select("lead", *(pl.col(name.removeprefix("lead_")).alias(name) for name in told))
        dialed = dialed.join(leads, on="lead", how="left")
    believed = dialed.match_to_schema(CURRENT_ATTEMPT, missing_columns="insert", extra_columns="ignore")
    return resolve_calls(believed, context).select(name for name in CALL if name in wanted)


def resolve_calls(believed: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """Attempts as they count under a report's goal, with the columns of CALL, from attempts as they are BELIEVED."""
    reached = pl.col("result").cast(pl.String).is_in(GOALS[context.goal])
    calls = resolve_attempts(believed, context.codes)
    return calls.with_columns(goal=reached, period=period_of("dialed_at", context))


def make_dials(tables: Tables, context: ResolveContext, wanted: Collection[str]) -> pl.LazyFrame:
    """The wanted columns of every call that need no settling."""
    del context
    return tables["attempts"].filter(pl.col("dialed_at").is_not_null()).select(name for name in DIAL if name in wanted)


# Made of the tables first; every other input then finds them among the tables.
CALLS, DIALS = Input("calls", CALL, make_calls), Input("dials", DIAL, make_dials)
