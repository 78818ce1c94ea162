"""Evaluations by when they were made: one row is one evaluation, with the points of all its items.

The score of an evaluation is its weighted points over the most points of the items that apply. No points for an
auto-fail item, or a call that the evaluator failed, take all points. Evaluations of calibration sessions do not count
for agents, and evaluations that a dispute voided count nowhere.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import Schema
from reports.rules import quality_inputs
from reports.rules.evaluated import CURRENT, DIMENSIONS, EVALUATED, auto_failed, with_codes, with_points

EVALUATION: Schema = {
    **EVALUATED,
    "earned": pl.Int64,
    "possible": pl.Int64,
    "failed": pl.Boolean,
    "disputed": pl.Boolean,
    # The evaluator once more, to be counted within breakdowns by evaluator.
    "rater": pl.String,
}


def for_agents() -> pl.Expr:
    """Evaluations that count for agents: outside of calibration sessions."""
    return ~pl.col("calibrated")


def scored() -> pl.Expr:
    """Evaluations that count for agents, with points to earn."""
    return for_agents() & (pl.col("possible") > 0)


def best_first() -> tuple[pl.Expr, ...]:
    """The order of evaluations from the highest score to the lowest, and of the same score from the latest on."""
    return -(pl.col("earned") / pl.col("possible")), -pl.col("evaluated_at").dt.epoch("us")


def resolve_evaluations(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    """Resolved evaluations, with the columns of EVALUATION."""
    items = rows["evaluated_items"].pipe(with_codes, context.codes).pipe(with_points)
    same = [pl.col(name).first() for name in EVALUATED if name != "external_id"]
    return (
        items.group_by("external_id")
        .agg(*same, pl.col("earned", "possible").sum(), failed=auto_failed())
        .with_columns(
            earned=pl.when("failed").then(0).otherwise("earned"),
            disputed=pl.col("dispute").is_not_null(),
            rater="evaluator",
        )
        .select(*EVALUATION)
    )


_COUNTED = ~pl.col("test") & ~pl.col("voided")

EVALUATIONS = Frame(
    name="evaluations",
    label="evaluations",
    sent_as=("form-items", "evaluations"),
    grain="evaluation",
    inputs=(Input("evaluated_items", CURRENT, quality_inputs.evaluated_items),),
    columns=EVALUATION,
    key=("external_id",),
    resolve=resolve_evaluations,
    anchor="evaluated_at",
    dimensions=(*CODE_DIMENSIONS, "queue", *DIMENSIONS, *TIME_DIMENSIONS),
    calls={"call": "either"},
    display_columns=("evaluated_at", "earned", "possible", "failed", "dispute", "dialer", "call", "session"),
    scale={"earned": 10**8, "possible": 10**8},
    population=_COUNTED,
    exclusions={
        "test": pl.col("test"),
        "voided": ~pl.col("test") & pl.col("voided"),
        "calibrated": _COUNTED & pl.col("calibrated"),
        "without_points": _COUNTED & ~pl.col("calibrated") & (pl.col("possible") == 0),
        "dispute_open": _COUNTED & (pl.col("dispute") == "open").fill_null(value=False),
    },
)
