"""Calibrations: one row is one call that several evaluators scored by the same form in one calibration session.

Its spread is the highest score less the lowest, in shares of the most points. A calibration has no evaluator, section
or item of its own: by these, it is in the row without one.
"""

import polars as pl

from reports.facts.evaluations import resolve_evaluations
from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import quality_inputs
from reports.rules.evaluated import CURRENT, DIMENSIONS

# Shares of points as whole numbers.
SHARE = 10**15
_KEY = ("session", "dialer", "subject", "form", "form_version")
# What evaluations and their items have, so that one report shows both.
_NOWHERE = ("evaluator", "section", "item")
_CODES = ("agent", "team", "campaign", "source", "tracking_number", "queue")

CALIBRATION: Schema = {
    **dict.fromkeys((*_KEY, *_CODES, *_NOWHERE), pl.String),
    "evaluated_at": INSTANT,
    "evaluators": pl.Int64,
    **dict.fromkeys(("lowest", "highest", "spread"), pl.Int64),
}


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    counts = pl.col("calibrated") & ~pl.col("test") & ~pl.col("voided") & (pl.col("possible") > 0)
    score = (pl.col("earned") / pl.col("possible") * SHARE).round().cast(pl.Int64)
    return (
        resolve_evaluations(rows, context)
        .filter(counts & pl.col("subject").is_not_null())
        .with_columns(score=score)
        .sort("evaluated_at", "external_id")
        .group_by(_KEY, maintain_order=True)
        .agg(
            pl.col("evaluated_at").first(),
            *(pl.col(name).drop_nulls().first() for name in _CODES),
            evaluators=pl.col("evaluator").n_unique().cast(pl.Int64),
            lowest=pl.col("score").min(),
            highest=pl.col("score").max(),
        )
        .filter(pl.col("evaluators") > 1)
        .with_columns(
            spread=pl.col("highest") - pl.col("lowest"),
            **{name: pl.lit(None, dtype=pl.String) for name in _NOWHERE},
        )
        .select(*CALIBRATION)
    )


CALIBRATIONS = Frame(
    name="calibrations",
    label="calibrations",
    sent_as=("form-items", "evaluations"),
    grain="call in a calibration session",
    inputs=(Input("evaluated_items", CURRENT, quality_inputs.evaluated_items),),
    columns=CALIBRATION,
    key=_KEY,
    resolve=_resolve,
    anchor="evaluated_at",
    dimensions=(*CODE_DIMENSIONS, "queue", *DIMENSIONS, "section", "item", *TIME_DIMENSIONS),
    display_columns=("evaluated_at", "evaluators", "lowest", "highest", "spread"),
    scale=dict.fromkeys(("lowest", "highest", "spread"), SHARE),
    population=pl.lit(value=True),
    exclusions={},
)
