"""Callers: one row is one inbound call, with what the same caller did before and after it.

The rules; their numbers mark the code that applies them:

 1  A caller is a phone number, or without one, the dialer's own id of the caller. Calls of unknown callers are counted
    beside the report.
 2  A caller is new if no earlier call of the caller arrived within 365 days. What came before the ledger is unknown.
 3  A first contact is an answered call without another answered call of the same caller in the 7 days before it. It is
    old enough 7 days later. It is resolved if the caller did not call again in these days and nobody escalated it.
 4  Calls of a caller about different topics do not repeat each other. A call of unknown topic may be about any.
 5  An unanswered call is settled once an attempt rings at its caller or its lead, or once the caller calls again and an
    agent answers. Who should call back: the agent of the call, else the owner of its lead.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import polars as pl

from reports.facts.inbound_calls import INBOUND_DIMENSIONS
from reports.measures.frame import CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules.inbound import inputs
from reports.rules.inbound.inputs import HORIZON
from reports.rules.inbound.outcomes import (
    CURRENT_INBOUND_CALL,
    RESOLVED_INBOUND_CALL,
    answered,
    resolve_inbound_calls,
    unanswered,
)

# Within this time, another call of the same caller repeats the first.
REPEAT = timedelta(days=7)

_CALL_BACK: Schema = {"callee": pl.Int64, "lead": pl.String, "dialed_at": INSTANT}
_OF_CALL = ("dialer", "external_id", "lead", "caller", "agent", "team", "campaign", "source", "tracking_number")
_PLACES = ("queue", "menu_path", "topic", "country", "region")
CALLER: Schema = {
    **{name: RESOLVED_INBOUND_CALL[name] for name in (*_OF_CALL, *_PLACES)},
    "arrived_at": INSTANT,
    "outcome": RESOLVED_INBOUND_CALL["outcome"],
    "lead_owner": pl.String,
    # Without a call in the year before.
    "first_time": pl.Boolean,
    "first_contact": pl.Boolean,
    # At least 7 days old.
    "mature": pl.Boolean,
    "repeated_at": INSTANT,
    "resolved": pl.Boolean,
    # When an unanswered caller was called back, or got through.
    "settled_at": INSTANT,
    "unsettled": pl.Boolean,
    # Minutes since the call, for an unanswered caller who still waits to be called back.
    "open_minutes": pl.Int64,
    **dict.fromkeys(("offered", "test", "spam"), pl.Boolean),
}

_IN_ORDER = ["arrived_at", "dialer", "external_id"]


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    calls = resolve_inbound_calls(rows["caller_calls"], context)
    real = ~pl.col("test") & pl.col("offered") & pl.col("caller").is_not_null()
    known = calls.with_columns(real=real).cache()
    others = known.filter(~pl.col("real"))
    return (
        pl.concat([known.filter("real").pipe(_with_neighbours), others], how="diagonal")
        .pipe(_with_settled, rows["calls_back"])
        .pipe(_with_contacts, context)
        .with_columns(agent=pl.coalesce("agent", "lead_owner"))
        .with_columns(team=context.codes.team_of("agent"))
        .select(*CALLER)
    )


def _with_neighbours(calls: pl.LazyFrame) -> pl.LazyFrame:
    """The last call before and the first after each, of the same caller, and of a topic that may be the same.

    Sorted calls are compared with their neighbours in the whole frame. Groups of one caller each would be slow.
    """
    at, handled = pl.col("arrived_at"), pl.when(answered()).then("arrived_at")
    unknown = pl.col("topic").is_null()
    return (
        calls.sort("caller", *_IN_ORDER)
        .with_columns(
            previous_at=_previous(at, "caller"),
            answered_later_at=_next(handled, "caller"),
            next_at=_next(pl.when(unknown).then(at), "caller"),
            any_next_at=_next(at, "caller"),
            handled_at=_previous(pl.when(unknown).then(handled), "caller"),
            any_handled_at=_previous(handled, "caller"),
        )
        .sort("caller", "topic", *_IN_ORDER)
        .with_columns(same_next_at=_next(at, "caller", "topic"), same_handled_at=_previous(handled, "caller", "topic"))
        .with_columns(
            next_of_topic=pl.when(unknown)
            .then("any_next_at")
            .otherwise(pl.min_horizontal("same_next_at", "next_at")),  # 4
            handled_before=pl.when(unknown)
            .then("any_handled_at")
            .otherwise(pl.max_horizontal("same_handled_at", "handled_at")),
        )
    )


def _next(at: pl.Expr, *group: str) -> pl.Expr:
    """The next moment in the same group, in a frame that is sorted by the group and then by time."""
    return _within_group(at, group, lambda values: values.shift(-1).backward_fill())


def _previous(at: pl.Expr, *group: str) -> pl.Expr:
    """The last moment before in the same group."""
    return _within_group(at, group, lambda values: values.shift(1).forward_fill())


def _within_group(at: pl.Expr, group: Sequence[str], neighbour: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    # Without a topic a row is in a group too: a null there would be filled with the topic of another row.
    columns = [pl.col(name).fill_null("") for name in group]
    same = [neighbour(pl.when(at.is_not_null()).then(column)) == column for column in columns]
    return pl.when(pl.all_horizontal(same)).then(neighbour(at))


def _with_settled(calls: pl.LazyFrame, attempts: pl.LazyFrame) -> pl.LazyFrame:  # 5
    """The first attempt after each unanswered call that rang at its caller or its lead."""
    key = ("dialer", "external_id")
    waiting = calls.filter(unanswered()).select(*key, "caller", "lead", "arrived_at")
    rang = attempts.with_columns(caller=pl.col("callee").cast(pl.String))
    pairs = pl.concat(
        [
            waiting.join(rang.select(name, "dialed_at").drop_nulls(name), on=name).select(
                *key, "arrived_at", "dialed_at"
            )
            for name in ("caller", "lead")
        ]
    )
    first = pairs.filter(pl.col("dialed_at") > pl.col("arrived_at")).group_by(key).agg(pl.col("dialed_at").min())
    return calls.join(first, on=key, how="left")


def _with_contacts(calls: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    at, until = pl.col("arrived_at"), pl.lit(context.until, dtype=INSTANT)
    repeated_at = pl.when(pl.col("next_of_topic") <= at + REPEAT).then("next_of_topic")
    handled_before = (pl.col("handled_before") >= at - REPEAT).fill_null(value=False)
    someone = pl.col("caller").is_not_null() | pl.col("lead").is_not_null()
    return (
        calls.with_columns(
            first_time=~(pl.col("previous_at") >= at - HORIZON).fill_null(value=False) & pl.col("real"),  # 2
            first_contact=answered() & pl.col("real") & ~handled_before,  # 3
            mature=at + REPEAT <= until,
            repeated_at=repeated_at,
            resolved=repeated_at.is_null() & pl.col("escalated_at").is_null(),
            settled_at=pl.when(unanswered()).then(pl.min_horizontal("answered_later_at", "dialed_at")),
        )
        .with_columns(unsettled=unanswered() & someone & pl.col("settled_at").is_null())
        .with_columns(open_minutes=pl.when("unsettled").then((until - at).dt.total_minutes()))
    )


_COUNTED = ~pl.col("test") & pl.col("offered")

CALLERS = Frame(
    name="callers",
    label="inbound calls with the history of their callers",
    sent_as=("inbound-calls",),
    grain="inbound call",
    inputs=(
        Input("caller_calls", CURRENT_INBOUND_CALL, inputs.caller_calls),
        Input("calls_back", _CALL_BACK, inputs.calls_back),
    ),
    columns=CALLER,
    key=("dialer", "external_id"),
    resolve=_resolve,
    anchor="arrived_at",
    dimensions=INBOUND_DIMENSIONS,
    calls={"external_id": "inbound_call"},
    display_columns=(
        "arrived_at",
        "lead",
        "lead_owner",
        "outcome",
        "open_minutes",
        "settled_at",
        "first_contact",
        "repeated_at",
    ),
    population=_COUNTED,
    exclusions={
        "unknown_caller": _COUNTED & pl.col("caller").is_null(),
        "too_recent": _COUNTED & pl.col("first_contact") & ~pl.col("mature"),
    },
)
