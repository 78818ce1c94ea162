"""Queue waits: one row is one wait of a caller in a queue, or for an agent where no queue is known.

A call that is transferred to a second queue waits there anew. A call without several waits is one wait, which ends as
the call does. A wait counts for the moment at which it began. A wait that goes on is as long as it is by the report.

How a wait ended, if it is not reported: the last wait of a call ends as the call does, unless the call had been
answered before; then the caller hung up. An earlier wait was answered if the call had been answered by then. If not,
the call moved on to the next queue.
"""

from datetime import datetime

import polars as pl

from reports.facts.inbound_calls import INBOUND_DIMENSIONS
from reports.measures.frame import CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.model.vocabulary import WAIT_OUTCOMES
from reports.rules.inbound import inputs
from reports.rules.inbound.outcomes import (
    CURRENT_INBOUND_CALL,
    LONGEST_WAIT,
    RESOLVED_INBOUND_CALL,
    SHORT_MS,
    milliseconds,
    resolve_inbound_calls,
    written_instant,
)

OUTCOME = pl.Enum(("open", *WAIT_OUTCOMES))

_CALL = ("dialer", "external_id")
_OF_CALL = ("lead", "agent", "team", "campaign", "source", "tracking_number", "queue", "menu_path", "topic", "country")
_WAIT: Schema = {
    **{name: RESOLVED_INBOUND_CALL[name] for name in (*_CALL, *_OF_CALL, "region")},
    # The place of the wait among those of its call, from 1.
    "place": pl.Int64,
    "queued_at": INSTANT,
    # When it ended; null if it goes on, or if the end is not known.
    "left_at": INSTANT,
    "wait_ms": pl.Int64,
    "outcome": OUTCOME,
    "offered": pl.Boolean,
    **dict.fromkeys(("test", "spam"), pl.Boolean),
}
# With the time in which it should be answered.
QUEUE_WAIT: Schema = {**_WAIT, "threshold_ms": pl.Int64}

_SEGMENT: Schema = dict.fromkeys(("queue", "queued_at", "left_at", "agent", "outcome"), pl.String)
_SEGMENTS = pl.List(pl.Struct({**_SEGMENT, "wait_seconds": pl.Float64}))


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    calls = resolve_inbound_calls(rows["calls_with_parts"], context).with_columns(
        parts=pl.col("segments").str.json_decode(_SEGMENTS)
    )
    several = pl.col("parts").list.len() > 0
    alone = calls.filter(~several.fill_null(value=False)).pipe(_only_wait)
    waits = calls.filter(several).pipe(_reported_waits, context.until).pipe(_with_outcomes, context)
    threshold_ms = context.answer_time.of_queue(pl.col("queue"))
    return pl.concat([alone, waits]).with_columns(threshold_ms=threshold_ms)


def _only_wait(calls: pl.LazyFrame) -> pl.LazyFrame:
    over = pl.col("outcome") != "open"
    return calls.with_columns(
        place=pl.lit(1, dtype=pl.Int64),
        queued_at=pl.coalesce("queued_at", "arrived_at"),
        left_at=pl.when(over).then(pl.coalesce("answered_at", "callback_chosen_at", "ended_at")),
        outcome=pl.col("outcome").cast(pl.String).cast(OUTCOME),
    ).select(*_WAIT)


def _reported_waits(calls: pl.LazyFrame, until: datetime) -> pl.LazyFrame:
    """The waits of each call in order, without what happened after the report."""
    part = {name: pl.col("part").struct.field(name) for name in (*_SEGMENT, "wait_seconds")}
    left_at, now = written_instant(part["left_at"]), pl.lit(until, dtype=INSTANT)
    later = (left_at > now).fill_null(value=False)
    return (
        calls.rename({"agent": "call_agent", "outcome": "call_outcome"})
        .drop("wait_ms", "queue", "queued_at")
        .explode("parts")
        .rename({"parts": "part"})
        .with_columns(
            queue=part["queue"],
            queued_at=written_instant(part["queued_at"]),
            left_at=pl.when(~later).then(left_at),
            reported_ms=pl.when(~later).then((part["wait_seconds"] * 1000).round().cast(pl.Int64)),
            agent=part["agent"],
            reported=pl.when(~later).then(part["outcome"]),
        )
        .filter(pl.col("queued_at") <= now)
        .with_columns(
            place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(_CALL, order_by=["queued_at", "queue"]),
            next_at=pl.col("queued_at").shift(-1).over(_CALL, order_by=["queued_at", "queue"]),
        )
    )


def _with_outcomes(waits: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    before = (pl.col("answered_at") < pl.col("queued_at")).fill_null(value=False)
    until = pl.lit(context.until, dtype=INSTANT)
    of_call = pl.col("call_outcome").cast(pl.String)
    last = (
        pl.when(~((of_call == "answered") & before))
        .then(of_call)
        .when(pl.col("ended_at").is_not_null())
        .then(pl.lit("abandoned"))
        .otherwise(pl.lit("open"))
    )
    by_next = (pl.col("answered_at") >= pl.col("queued_at")) & (pl.col("answered_at") <= pl.col("next_at"))
    earlier = pl.when(by_next.fill_null(value=False)).then(pl.lit("answered")).otherwise(pl.lit("moved"))
    outcome = pl.coalesce("reported", pl.when(pl.col("next_at").is_null()).then(last).otherwise(earlier))
    return (
        waits.with_columns(outcome=outcome.cast(OUTCOME))
        .with_columns(left_at=pl.coalesce("left_at", _end()))
        .with_columns(wait_ms=pl.coalesce("reported_ms", milliseconds(pl.col("queued_at"), _end_or(until))))
        .with_columns(wait_ms=pl.when(~_lost(context.until)).then("wait_ms"), agent=_agent(context))
        .with_columns(team=context.codes.team_of("agent"))
        .select(*_WAIT)
    )


def _end() -> pl.Expr:
    """The end of a wait without a reported one."""
    answered_here = pl.when(pl.col("answered_at") >= pl.col("queued_at")).then("answered_at")
    return (
        pl.when(pl.col("outcome") == "moved")
        .then("next_at")
        .when(pl.col("outcome") == "answered")
        .then(answered_here)
        .when(pl.col("outcome") == "callback")
        .then(pl.coalesce("callback_chosen_at", "ended_at"))
        .when(pl.col("outcome").is_in(["abandoned", "missed"]))
        .then(pl.coalesce("next_at", "ended_at"))
    )


def _end_or(until: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("outcome") == "open").then(until).otherwise("left_at")


def _lost(until: datetime) -> pl.Expr:
    """The wait goes on for more than a day, so its end is lost."""
    return (pl.col("outcome") == "open") & (pl.col("queued_at") < pl.lit(until - LONGEST_WAIT, dtype=INSTANT))


def _agent(context: ResolveContext) -> pl.Expr:
    """The agent who answered the wait: the reported one, or the call's, if the call has no other answer."""
    own = pl.when(pl.col("outcome") == "answered").then(pl.coalesce(context.codes.read("agent"), "call_agent"))
    return own.alias("agent")


def answered_within() -> pl.Expr:
    """An agent answered within the threshold."""
    return answered() & _within()


def answered() -> pl.Expr:
    """An agent answered, after a wait of known length."""
    return (pl.col("outcome") == "answered") & timed()


def abandoned() -> pl.Expr:
    """The caller hung up waiting, after a wait of known length."""
    return (pl.col("outcome") == "abandoned") & timed()


def abandoned_within() -> pl.Expr:
    """The caller hung up within the threshold."""
    return abandoned() & _within()


def gave_up() -> pl.Expr:
    """The caller hung up, so the length of the wait is known to be the longest the caller would wait."""
    return pl.col("outcome") == "abandoned"


def short() -> pl.Expr:
    """The caller hung up within 5 seconds."""
    return gave_up() & (pl.col("wait_ms") < SHORT_MS).fill_null(value=False)


def late() -> pl.Expr:
    """The caller waited longer than the threshold, whatever happened then."""
    return (pl.col("wait_ms") > pl.col("threshold_ms")).fill_null(value=False)


def over() -> pl.Expr:
    """The wait is over and its length is known, or it already lasts longer than the threshold."""
    return ((pl.col("outcome") != "open") & timed()) | late()


def timed() -> pl.Expr:
    """The length of the wait is known."""
    return pl.col("wait_ms").is_not_null()


def waited() -> pl.Expr:
    """The caller waited at all."""
    return (pl.col("wait_ms") > 0).fill_null(value=False)


def _within() -> pl.Expr:
    return (pl.col("wait_ms") <= pl.col("threshold_ms")).fill_null(value=False)


_COUNTED = ~pl.col("test") & pl.col("offered")

QUEUE_WAITS = Frame(
    name="queue_waits",
    label="waits of callers",
    sent_as=("inbound-calls",),
    grain="wait of a caller in a queue",
    inputs=(Input("calls_with_parts", CURRENT_INBOUND_CALL, inputs.calls_with_parts),),
    columns=QUEUE_WAIT,
    key=(*_CALL, "place"),
    resolve=_resolve,
    anchor="queued_at",
    dimensions=INBOUND_DIMENSIONS,
    calls={"external_id": "inbound_call"},
    display_columns=("queued_at", "lead", "outcome", "wait_ms", "threshold_ms", "left_at"),
    population=_COUNTED,
    exclusions={
        "test": pl.col("test") & ~pl.col("spam").fill_null(value=False),
        "spam": pl.col("spam").fill_null(value=False),
        "left_in_menu": ~pl.col("test") & ~pl.col("offered"),
        "going_on": _COUNTED & (pl.col("outcome") == "open"),
        "length_not_known": _COUNTED & ~timed(),
    },
)
