"""The rows behind quality: surveys and evaluations, each with the call that it is about.

As in reports/rules/inputs.py, every function selects rows and decides nothing about what they count as.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.rules.inbound.outcomes import answering_agent, queue
from reports.rules.lead_selection import happened_by, instant, within

# A survey asks about a call of the month before it. Answers of the month before an answer decide whether it is one too
# many of its lead.
MONTH = timedelta(days=30)
_SKEW = timedelta(days=1)
# Evaluators listen to calls of the quarter before.
_QUARTER = timedelta(days=92)
# Managers share calls of the year before.
_YEAR = timedelta(days=366)

_OF_CALL = ("lead", "agent", "disposition_agent", "campaign", "source", "tracking_number", "queue", "test")


def surveys(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The surveys about the window, and those of the month before it, each with its call and its lead."""
    del columns
    start, end = context.window.start, context.window.end
    sent_at = pl.coalesce("asked_at", "answered_at")
    near = sent_at.is_between(instant(start - 2 * MONTH - _SKEW), instant(end + MONTH), closed="left")
    by_then = sent_at <= instant(context.until)
    sent = tables["surveys"].filter(near & by_then).with_columns(_ten_thousandths("score"))
    calls = _calls(tables, start - 3 * MONTH - _SKEW, end + _SKEW)
    of_lead = tables["leads"].select("lead", "owner", lead_campaign="campaign", lead_source="source", lead_test="test")
    return (
        _with_call(sent, calls, sent_at, MONTH)
        .with_columns(lead=pl.coalesce("lead", "call_lead"))
        .join(of_lead, on="lead", how="left")
        .drop("call_lead", "owner")
    )


def evaluated_items(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The scores of the evaluations of the window, each with its item of the form; one row for none."""
    del columns
    done = happened_by("evaluated_at", context.until)
    judged = tables["evaluations"].filter(within("evaluated_at", context) & done)
    judged = judged.with_columns(form_version=pl.coalesce("form_version", pl.lit("1")))
    calls = _calls(tables, context.window.start - _QUARTER, context.window.end + _SKEW)
    scores = tables["evaluation_scores"].select(
        "item", "not_applicable", *_ten_thousandths("points"), external_id="evaluation"
    )
    form = tables["form_items"].with_columns(_ten_thousandths("weight", "max_points")).drop("from_on")
    return (
        _with_call(judged, calls, pl.col("evaluated_at"), _QUARTER)
        .drop("call_lead")
        .join(scores, on="external_id", how="left")
        .join(form, on=("form", "form_version", "item"), how="left")
    )


def shared_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The calls shared in the window, each with its agent and campaign."""
    del columns
    shared = tables["shared_calls"].filter(within("shared_at", context) & happened_by("shared_at", context.until))
    calls = _calls(tables, context.window.start - _YEAR, context.window.end + _SKEW)
    unqueued = shared.with_columns(queue=pl.lit(None, dtype=pl.String))
    return _with_call(unqueued, calls, pl.col("shared_at"), _YEAR)


def _calls(tables: Tables, start: datetime, end: datetime) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The calls of a time in the columns of quality: those made, and those that came in."""
    made = tables["attempts"].with_columns(called_at="dialed_at", queue=pl.lit(None, dtype=pl.String))
    answered_by = answering_agent()
    came_in = tables["inbound_calls"].with_columns(called_at="arrived_at", queue=queue(), agent=answered_by)
    near = pl.col("called_at").is_between(instant(start), instant(end), closed="left")
    return made.filter(near).pipe(_of_call), came_in.filter(near).pipe(_of_call)


def _of_call(calls: pl.LazyFrame) -> pl.LazyFrame:
    marked = calls.with_columns(test=pl.when("spam").then(statement=True).otherwise("test"))
    columns = [pl.col(name).alias(f"call_{name}") for name in _OF_CALL]
    return marked.select("dialer", pl.col("external_id").alias("call"), "called_at", *columns)


def _with_call(
    rows: pl.LazyFrame, calls: tuple[pl.LazyFrame, pl.LazyFrame], at: pl.Expr, longest: timedelta
) -> pl.LazyFrame:
    """Rows with the agent, the campaign and more of their call. An id of both kinds of call is that of a call made.

    A call counts if it was at most so long before the row, or a day after it, as clocks differ. Otherwise a row would
    belong to one moment in a short window, and to that of a distant call in a long one.
    """
    key = ("dialer", "call")
    named = rows.filter(pl.col("call").is_not_null())
    made, came_in = (kind.join(named, on=key, how="semi") for kind in calls)
    either = pl.concat([made, came_in.join(made, on=key, how="anti")])
    near = (at - pl.col("called_at")).is_between(-_SKEW, longest)
    of_call = ("called_at", *(f"call_{name}" for name in _OF_CALL))
    joined = rows.join(either, on=key, how="left")
    known = joined.with_columns(pl.when(near).then(pl.col(name)).alias(name) for name in of_call)
    return known.with_columns(queue=pl.coalesce("queue", "call_queue"))


def _ten_thousandths(*names: str) -> list[pl.Expr]:
    """Decimals as the integers they are made of."""
    return [pl.col(name).to_physical().cast(pl.Int64) for name in names]
