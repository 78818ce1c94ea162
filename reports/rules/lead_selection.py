"""Lead selectors: which leads need their full call history, not only the calls inside the window.

Every selector takes the tables and the context, and returns one column, `lead`, which may repeat a lead. Null selects
the calls without a lead.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.model.types import INSTANT

# A request of the same person within this time is no new lead.
REPEAT_REQUEST = timedelta(days=30)

KEY = ("dialer", "external_id")

# The tables of what happens to leads, and the moment of each row.
_EVENT_TIMES = {"leads": "received_at", "dials": "dialed_at", "stage_changes": "changed_at", "appointments": "set_at"}
# The table in which a goal of each kind is reached.
_TABLE_OF_GOAL = {
    "lead": "leads",
    "contact": "dials",
    "appointment": "dials",
    "sale": "dials",
    "deal": "stage_changes",
}
KINDS_OF_GOALS = frozenset(_TABLE_OF_GOAL)


def leads_worked(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads called in the window."""
    return tables["dials"].filter(within("dialed_at", context)).select("lead")


def leads_received(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads received in the window, and others with the same phone numbers, received before or after."""
    known = (
        tables["leads"]
        .filter(pl.col("received_at") >= context.window.start - REPEAT_REQUEST)
        .select("lead", "person", received=within("received_at", context))
    )
    received = known.filter("received")
    others = known.join(received.select("person").drop_nulls(), on="person", how="semi")
    return pl.concat([received.select("lead"), others.select("lead")])


def leads_to_call_back(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads that were promised a call at a time in the window."""
    promised = tables["dials"].filter(within("callback_at", context))
    return pl.concat([promised.select("lead"), call_tasks(tables, context).select("lead")])


def leads_with_deals(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads that have a deal."""
    del context
    return tables["stage_changes"].select("lead").drop_nulls()


def leads_disposed(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads of calls that got a disposition in the window."""
    return tables["dials"].join(disposed_calls(tables, context), on=KEY, how="semi").select("lead")


def leads_paid_for(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads that the costs of the window bought."""
    return paid_leads(tables, context).select("lead")


def reads_window_only(select: Callable[[Tables, ResolveContext], pl.LazyFrame]) -> bool:
    """Whether a selection of leads reads dials of the window alone."""
    return select in (leads_worked, leads_of_active_people)


def _active(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads with an event in the window."""
    times = _EVENT_TIMES
    if context.about and context.about <= KINDS_OF_GOALS:
        times = {name: _EVENT_TIMES[name] for name in {_TABLE_OF_GOAL[kind] for kind in context.about}}
    leads = [tables[name].filter(within(at, context)).select("lead") for name, at in times.items()]
    if "stage_changes" in times:
        # The lead of a deal is the latest known. It may be named by a move of the deal outside of the window.
        moves = tables["stage_changes"]
        moved = moves.filter(within("changed_at", context)).select("opportunity").drop_nulls()
        leads.append(moves.join(moved, on="opportunity", how="semi").select("lead"))
    return pl.concat(leads).drop_nulls().unique()


def leads_of_active_people(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads with an event in the window, and all leads with the phone number of one of them."""
    active = _active(tables, context)
    known = tables["leads"].select("lead", "person")
    numbers = known.join(active, on="lead", how="semi").select("person").drop_nulls()
    return pl.concat([known.join(numbers, on="person", how="semi").select("lead"), active]).unique()


def paid_leads(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads received on the days that the costs of the window cover, tests excluded."""
    paid = costs(tables, context).select(first_on=pl.col("from_on").min(), last_on=pl.col("to_on").max())
    received_on = pl.col("received_at").dt.convert_time_zone(context.account_zone.key).dt.date()
    return (
        tables["leads"]
        .filter(~is_test())
        .with_columns(received_on=received_on)
        .join(paid, how="cross")
        .filter(pl.col("received_on").is_between("first_on", "last_on"))
        .drop("first_on", "last_on")
    )


def instant(at: datetime) -> pl.Expr:
    """A moment."""
    return pl.lit(at, dtype=INSTANT)


def within(at: str, context: ResolveContext) -> pl.Expr:
    """Whether something happened in the window."""
    return pl.col(at).is_between(instant(context.window.start), instant(context.window.end), closed="left")


def happened_by(at: str, until: datetime) -> pl.Expr:
    """Whether something had happened by a moment."""
    return pl.col(at) <= instant(until)


def is_test() -> pl.Expr:
    """Whether a lead is a test."""
    return pl.col("test").fill_null(value=False)


def done_by_people() -> pl.Expr:
    """Whether a person did the follow-up, not a machine."""
    return ~pl.col("automated").fill_null(value=False)


def disposed_calls(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The calls that got a disposition in the window."""
    return tables["dispositions"].filter(within("set_at", context)).select(KEY)


def call_tasks(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The follow-ups by phone that are due in the window."""
    due = (pl.col("channel") == "call") & done_by_people() & within("due_at", context)
    return tables["follow_ups"].filter(due)


def costs(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The costs with at least one day in the window."""
    first, last = (edge.astimezone(context.account_zone).date() for edge in (context.window.start, context.window.end))
    return tables["spend"].filter((pl.col("to_on") >= first) & (pl.col("from_on") <= last))
