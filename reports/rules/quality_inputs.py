"""The rows behind quality: surveys and evaluations, each with the call that it is about.

As in reports/rules/inputs.py, every function selects rows and decides nothing about what they count as.
"""

from collections.abc import Collection
from datetime import timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.rules.lead_selection import KEY, happened_by, instant, within

# A survey asks about a call of the month before it. Answers of the month before an answer decide whether it is one too
# many of its lead.
MONTH = timedelta(days=30)
_SKEW = timedelta(days=1)
# Evaluators listen to calls of the quarter before.
_QUARTER = timedelta(days=92)

_OF_CALL = ("lead", "agent", "disposition_agent", "campaign", "source", "tracking_number", "test")


def surveys(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The surveys about the window, and those of the month before it, each with its call and its lead."""
    del columns
    start, end = context.window.start, context.window.end
    sent_at = pl.coalesce("asked_at", "answered_at")
    near = sent_at.is_between(instant(start - 2 * MONTH - _SKEW), instant(end + MONTH), closed="left")
    by_then = sent_at <= instant(context.until)
    sent = tables["surveys"].filter(near & by_then).with_columns(_ten_thousandths("score"))
    dialed = tables["attempts"].filter(
        pl.col("dialed_at").is_between(instant(start - 3 * MONTH - _SKEW), instant(end + _SKEW), closed="left")
    )
    of_lead = tables["leads"].select("lead", "owner", lead_campaign="campaign", lead_source="source", lead_test="test")
    return (
        _with_call(sent, dialed)
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
    start, end = instant(context.window.start - _QUARTER), instant(context.window.end + _SKEW)
    dialed = tables["attempts"].filter(pl.col("dialed_at").is_between(start, end, closed="left"))
    scores = tables["evaluation_scores"].select(
        "item", "not_applicable", *_ten_thousandths("points"), external_id="evaluation"
    )
    form = tables["form_items"].with_columns(_ten_thousandths("weight", "max_points")).drop("from_on")
    return (
        _with_call(judged, dialed)
        .drop("call_lead")
        .join(scores, on="external_id", how="left")
        .join(form, on=("form", "form_version", "item"), how="left")
    )


def shared_calls(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    """The calls shared in the window, each with its agent and campaign."""
    del columns
    shared = tables["shared_calls"].filter(within("shared_at", context) & happened_by("shared_at", context.until))
    start, end = instant(context.window.start - _QUARTER), instant(context.window.end + _SKEW)
    dialed = tables["attempts"].filter(pl.col("dialed_at").is_between(start, end, closed="left"))
    return _with_call(shared, dialed).drop("call_lead", "called_at")


def _with_call(rows: pl.LazyFrame, dialed: pl.LazyFrame) -> pl.LazyFrame:
    """Rows with the agent, the campaign and more of their call."""
    calls = (
        dialed.join(rows.filter(pl.col("call").is_not_null()), left_on=KEY, right_on=("dialer", "call"), how="semi")
        .with_columns(test=pl.when("spam").then(statement=True).otherwise("test"))
        .select(
            "dialer",
            pl.col("external_id").alias("call"),
            pl.col("dialed_at").alias("called_at"),
            *(pl.col(name).alias(f"call_{name}") for name in _OF_CALL),
        )
    )
    return rows.join(calls, on=("dialer", "call"), how="left")


def _ten_thousandths(*names: str) -> list[pl.Expr]:
    """Decimals as the integers they are made of."""
    return [pl.col(name).to_physical().cast(pl.Int64) for name in names]
