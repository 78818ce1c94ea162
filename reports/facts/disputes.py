"""Disputes: one row is one evaluation that the agent objected to, by when the evaluation was made.

Unlike other numbers about evaluations, voided ones count: they are objections that the agent won.
"""

import polars as pl

from reports.facts.evaluations import EVALUATION, EVALUATIONS, resolve_evaluations
from reports.measures.frame import CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import quality_inputs
from reports.rules.evaluated import CURRENT

_DISPUTED: Schema = {**EVALUATION, "dispute_at": INSTANT}


def open_dispute() -> pl.Expr:
    """Disputes without a decision."""
    return pl.col("dispute") == "open"


def open_first() -> tuple[pl.Expr, ...]:
    """The order of disputes: those without a decision first, and of these the one that waits longest."""
    waiting_since = pl.col("dispute_at").dt.epoch("us")
    return ~open_dispute(), pl.when(open_dispute()).then(waiting_since).otherwise(-waiting_since)


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    since = rows["evaluated_items"].group_by("external_id").agg(pl.col("dispute_at").first())
    disputed = resolve_evaluations(rows, context).filter("disputed")
    return disputed.join(since, on="external_id", how="left").select(*_DISPUTED)


DISPUTES = Frame(
    name="disputes",
    label="disputes",
    sent_as=("form-items", "evaluations"),
    grain="disputed evaluation",
    inputs=(Input("evaluated_items", {**CURRENT, "dispute_at": INSTANT}, quality_inputs.evaluated_items),),
    columns=_DISPUTED,
    key=("external_id",),
    resolve=_resolve,
    anchor="evaluated_at",
    dimensions=EVALUATIONS.dimensions,
    calls={"call": "either"},
    display_columns=("dispute", "dispute_at", *EVALUATIONS.display_columns),
    scale=EVALUATIONS.scale,
    population=~pl.col("test"),
    exclusions={"test": pl.col("test")},
)
