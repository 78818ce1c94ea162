"""Calls: every attempt that was started, as it counts in all kinds of fact.

Attempts are resolved once for a whole report, by the rules of reports/rules/call_outcomes.py and under its goal.
"""

from collections.abc import Collection

import polars as pl

from reports.measures.frame import Input
from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.model.types import INSTANT, Schema
from reports.rules.call_outcomes import CURRENT_ATTEMPT, RESOLVED_CALL, read_settled, resolve_attempts
from reports.rules.regulatory_periods import period_of

# The results that reach each goal of a report.
GOALS = {
    "sale": ("sale",),
    "appointment": ("appointment",),
    "qualified": ("qualified",),
    "any": ("sale", "appointment", "qualified"),
}

CALL: Schema = {**RESOLVED_CALL, "goal": pl.Boolean, "period": pl.Date}
# A call's lead, moment and promised callback: columns that need no resolving.
DIAL: Schema = {
    "dialer": pl.String,
    "external_id": pl.String,
    "lead": pl.String,
    "dialed_at": INSTANT,
    "callback_at": INSTANT,
}

# The columns that a call takes from its lead, and the resolved columns made of them.
_BY_LEADS = {"lead_source": "source", "lead_test": "test", "lead_closed_at": "lead_closed_at"}


# The name, among tables, of calls that were settled before.
SETTLED = "settled_calls"


def make_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """Some columns of every call, resolved from its attempt and its lead, or read from settled calls."""
    if SETTLED in tables:
        return count_calls(read_settled(tables[SETTLED], context.codes), context).select(
            name for name in CALL if name in columns
        )
    dialed = tables["attempts"].filter(pl.col("dialed_at").is_not_null())
    of_lead = [name for name, made in _BY_LEADS.items() if made in columns]
    if of_lead:
        leads = tables["leads"].select("lead", *(pl.col(name.removeprefix("lead_")).alias(name) for name in of_lead))
        dialed = dialed.join(leads, on="lead", how="left")
    attempts = dialed.match_to_schema(CURRENT_ATTEMPT, missing_columns="insert", extra_columns="ignore")
    return resolve_calls(attempts, context).select(name for name in CALL if name in columns)


def resolve_calls(attempts: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """Attempts as they count under a report's goal, with the columns of CALL, from those of CURRENT_ATTEMPT."""
    return count_calls(resolve_attempts(attempts, context.codes), context)


def count_calls(calls: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """Resolved calls under a report's goal and in its zone: the columns of CALL."""
    reaches_goal = pl.any_horizontal(pl.col("result") == result for result in GOALS[context.goal])
    return calls.with_columns(goal=reaches_goal, period=period_of("dialed_at", context))


def make_dials(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """Some of the columns of every call that need no resolving."""
    del context
    dialed = tables[SETTLED if SETTLED in tables else "attempts"].filter(pl.col("dialed_at").is_not_null())
    return dialed.select(name for name in DIAL if name in columns)


# Made of the tables first; every other input then finds them among the tables.
CALLS, DIALS = Input("calls", CALL, make_calls), Input("dials", DIAL, make_dials)
