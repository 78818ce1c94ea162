"""Whose calls are looked at whatever their time: of which leads a kind of fact needs to know the whole life.

Every function takes the tables, and what facts are settled under, and answers one column, `lead`, which may name one
more than once; where it is null, the calls to nobody in particular are meant.
"""

from datetime import datetime, timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.model.types import INSTANT

# Whoever asks again within so long is no new lead.
SILENCE = timedelta(days=30)

KEY = ("dialer", "external_id")

# What happens to leads, and when.
_HAPPENED = {"leads": "received_at", "dials": "dialed_at", "stage_changes": "changed_at", "appointments": "set_at"}
# What happens when a goal of each kind is reached.
_REACHED_IN = {
    "lead": "leads",
    "contact": "dials",
    "appointment": "dials",
    "sale": "dials",
    "deal": "stage_changes",
}


def worked(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads called in the window."""
    return tables["dials"].filter(within("dialed_at", context)).select("lead")


def asking(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """Whoever was received in the window, and the others with their numbers: they asked before, or asked again."""
    known = (
        tables["leads"]
        .filter(pl.col("received_at") >= context.window.start - SILENCE)
        .select("lead", "person", received=within("received_at", context))
    )
    received = known.filter("received")
    others = known.join(received.select("person").drop_nulls(), on="person", how="semi")
    return pl.concat([received.select("lead"), others.select("lead")])


def waiting(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """Whoever was promised a call for a time in the window."""
    promised = tables["dials"].filter(within("callback_at", context))
    return pl.concat([promised.select("lead"), tasks(tables, context).select("lead")])


def dealt(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """Whoever a deal is about."""
    del context
    return tables["stage_changes"].select("lead").drop_nulls()


def disposed(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """Whoever was called, where something was said of the call in the window."""
    return tables["dials"].join(disposed_calls(tables, context), on=KEY, how="semi").select("lead")


def paid(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads that the costs of the window bought."""
    return paid_leads(tables, context).select("lead")


def _active(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads that something happened to in the window."""
    happened = _HAPPENED
    if context.about and context.about <= set(_REACHED_IN):
        happened = {name: _HAPPENED[name] for name in {_REACHED_IN[kind] for kind in context.about}}
    found = [tables[name].filter(within(at, context)).select("lead") for name, at in happened.items()]
    return pl.concat(found).drop_nulls().unique()


def people(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The active leads, and those with the phone number of one."""
    active = _active(tables, context)
    known = tables["leads"].select("lead", "person")
    numbers = known.join(active, on="lead", how="semi").select("person").drop_nulls()
    return pl.concat([known.join(numbers, on="person", how="semi").select("lead"), active]).unique()


def paid_leads(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The leads received on the days that the costs of the window are for, tests left out."""
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


def by(at: str, until: datetime) -> pl.Expr:
    """Whether something had happened by a moment."""
    return pl.col(at) <= instant(until)


def is_test() -> pl.Expr:
    """Whether a lead is a test."""
    return pl.col("test").fill_null(value=False)


def by_people() -> pl.Expr:
    """Whether a follow-up is not a machine's."""
    return ~pl.col("automated").fill_null(value=False)


def disposed_calls(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The calls of which something was said in the window."""
    return tables["dispositions"].filter(within("set_at", context)).select(KEY)


def tasks(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The calls that somebody put down as due in the window."""
    due = (pl.col("channel") == "call") & by_people() & within("due_at", context)
    return tables["follow_ups"].filter(due)


def costs(tables: Tables, context: ResolveContext) -> pl.LazyFrame:
    """The costs whose days lie in the window, if only in part."""
    first, last = (edge.astimezone(context.account_zone).date() for edge in (context.window.start, context.window.end))
    return tables["spend"].filter((pl.col("to_on") >= first) & (pl.col("from_on") <= last))
