"""Callbacks: one row is one promise to call a lead back at a time, and whether that was done.

 1  A promise is an attempt with a callback as its next step and a time for it. It can also be a follow-up by phone that
    a person is due to make at a time. Promises to one lead for one moment are one promise. It belongs to the latest of
    their calls, else to the follow-up.
 2  An attempt to the same lead fulfils it if it could have rung and came after the promise. It may be a quarter of an
    hour before or after the time, at most. So does the follow-up, if it was done in that time.
 3  A later promise to the same lead in a call, made before the first was due, replaces it. A promise that was fulfilled
    stays, because the customer may have asked for another call in that very call.
 4  A lead that was closed, or asked never to be called, by the time of the callback is not called back.
 5  A promise without a lead cannot be checked; it is in no number, and is counted beside the report.

A promise counts for the agent who gave it, or of the follow-up, else for the lead's owner. Any agent may fulfil it.
"""

from datetime import timedelta

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import CODE, INSTANT, Schema
from reports.rules import inputs, lead_selection
from reports.rules.call_populations import valid
from reports.rules.lead_history import LEAD_HISTORY

GRACE = timedelta(minutes=15)

_TASK: Schema = {
    **dict.fromkeys(("external_id", "lead", "agent"), pl.String),
    "due_at": INSTANT,
    "done_at": INSTANT,
    **dict.fromkeys(("owner", "campaign", "source"), pl.String),
    "test": pl.Boolean,
    "lead_closed_at": INSTANT,
}

_PROMISE: Schema = {
    **dict.fromkeys(("dialer", "external_id", "lead", *CODE_DIMENSIONS), pl.String),
    "due_at": INSTANT,
    # When it was promised, and when the call of the promise began; null where unknown.
    "made_at": INSTANT,
    "since": INSTANT,
    "done_at": INSTANT,
    "lead_closed_at": INSTANT,
    "test": pl.Boolean,
}

_CALLBACK: Schema = {
    **_PROMISE,
    # The first attempt that may have fulfilled it.
    "called_at": INSTANT,
    **dict.fromkeys(("kept", "replaced", "ended", "stands", "due", "backlog"), pl.Boolean),
}

_LEAD = ("lead", "test")


def due() -> pl.Expr:
    """The lead should have been called back by now, and still wanted to be."""
    return pl.col("due")


def called_back_on_time() -> pl.Expr:
    """The call came when it was promised."""
    return pl.col("kept")


def backlog() -> pl.Expr:
    """The callback is due, the lead was not called since, and is still open."""
    return pl.col("backlog")


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    calls = rows["callback_calls"].cache()
    promises = pl.concat([_promised(calls), _tasks(rows["callback_tasks"], context.codes)], how="diagonal")
    unique = _once(promises).cache()
    known = unique.join(_refused(calls), on="lead", how="left").join(
        _called(unique, calls), on=("dialer", "external_id"), how="left", nulls_equal=True
    )
    return _with_outcomes(known, context).select(*_CALLBACK)


def _promised(calls: pl.LazyFrame) -> pl.LazyFrame:  # 1
    promised = calls.filter((pl.col("next_step") == "callback") & pl.col("callback_at").is_not_null())
    made_at = pl.coalesce("disposition_set_at", "dialed_at")
    renamed = promised.with_columns(due_at="callback_at", made_at=made_at, since="dialed_at")
    return renamed.select(name for name in _PROMISE if name != "done_at")


def _tasks(tasks: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:  # 1
    return (
        tasks.with_columns(agent=pl.coalesce("agent", "owner"), test=pl.col("test").fill_null(value=False))
        .with_columns(agent=codes.read("agent"), campaign=codes.read("campaign"))
        .with_columns(team=codes.team_of("agent"), source=pl.coalesce("source", codes.source_of("campaign")))
        .with_columns(source=codes.read("source"))
        .with_columns(pl.col("agent", "team", "campaign", "source").cast(CODE))
        .drop("owner")
    )


def _once(promises: pl.LazyFrame) -> pl.LazyFrame:
    """Each promise once, and whether another replaced it."""
    same = (*_LEAD, "due_at")
    latest_first = [pl.col("made_at").is_null(), -pl.col("made_at").to_physical(), "dialer", "external_id"]
    place = pl.int_range(pl.len()).over(same, order_by=latest_first)
    first = promises.with_columns(place=place, done_at=pl.col("done_at").min().over(same)).filter(
        (pl.col("place") == 0) | pl.col("lead").is_null()
    )
    next_made = pl.col("made_at").shift(-1).over(_LEAD, order_by=["made_at", "dialer", "external_id"])
    replaced = (next_made <= pl.col("due_at")) & pl.col("lead").is_not_null()
    by_call = first.filter(pl.col("made_at").is_not_null()).with_columns(replaced=replaced.fill_null(value=False))  # 3
    by_task = first.filter(pl.col("made_at").is_null()).with_columns(replaced=pl.lit(value=False))
    return pl.concat([by_call, by_task])


def _refused(calls: pl.LazyFrame) -> pl.LazyFrame:
    """Since when a lead wants no calls."""
    refused = calls.filter((pl.col("result") == "do_not_call") & ~pl.col("test"))
    return refused.group_by("lead").agg(refused_at=pl.coalesce("disposition_set_at", "dialed_at").min())


def _called(promises: pl.LazyFrame, calls: pl.LazyFrame) -> pl.LazyFrame:
    """The first attempt since shortly before the time of each promise, where there is one."""
    dials = calls.filter(valid() & ~pl.col("test")).select("lead", called_at="dialed_at")
    pairs = promises.select("dialer", "external_id", "lead", "due_at", "since").join(dials, on="lead")
    after = (pl.col("called_at") > pl.col("since")).fill_null(value=True)
    in_time = pairs.filter(after & (pl.col("called_at") >= pl.col("due_at") - GRACE))
    return in_time.group_by("dialer", "external_id").agg(pl.col("called_at").min())


def _with_outcomes(known: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    ended_at, until = pl.min_horizontal("lead_closed_at", "refused_at"), context.until
    on_time = pl.any_horizontal(
        (pl.col(name) >= pl.col("due_at") - GRACE) & (pl.col(name) <= pl.col("due_at") + GRACE)
        for name in ("called_at", "done_at")
    )
    untried = pl.col("called_at").is_null() & pl.col("done_at").is_null()
    return (
        known.with_columns(
            kept=on_time.fill_null(value=False),  # 2
            ended=(ended_at <= pl.col("due_at")).fill_null(value=False),  # 4
            open=(ended_at > until).fill_null(value=True),
        )
        .with_columns(replaced=pl.col("replaced") & ~pl.col("kept"))
        .with_columns(stands=pl.col("lead").is_not_null() & ~pl.col("ended") & ~pl.col("replaced"))
        .with_columns(
            due=pl.col("stands") & (pl.col("due_at") + GRACE <= until),
            backlog=pl.col("stands") & pl.col("open") & untried & (pl.col("due_at") <= until),
        )
    )


_COUNTED = ~pl.col("test")

CALLBACKS = Frame(
    name="callbacks",
    label="promised callbacks",
    sent_as=("attempts", "dispositions"),
    grain="promised callback",
    inputs=(
        Input("callback_calls", LEAD_HISTORY, inputs.callback_calls, lead_selection.leads_to_call_back),
        Input("callback_tasks", _TASK, inputs.callback_tasks),
    ),
    columns=_CALLBACK,
    key=("dialer", "external_id"),
    resolve=_resolve,
    anchor="due_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    calls={"external_id": "attempt"},
    display_columns=("due_at", "lead", "made_at", "called_at", "done_at", "kept", "due"),
    population=_COUNTED,
    exclusions={
        "test": pl.col("test"),
        "not_yet_due": _COUNTED & pl.col("stands") & ~due(),
        "replaced": _COUNTED & pl.col("replaced"),
        "closed": _COUNTED & pl.col("ended") & ~pl.col("replaced"),
        "without_lead": _COUNTED & pl.col("lead").is_null(),
    },
)
