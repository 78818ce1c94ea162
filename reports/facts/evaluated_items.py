"""Evaluated items: one row is one item of the form in one evaluation, with its points.

Agent and queue are those that the evaluation names, else those of the call. Items of evaluations without any score have
no row. Evaluations that a dispute voided count nowhere.

Items of calibration sessions show how far evaluators agree; they do not count for agents. Two evaluators agree about an
item of the same call, form and version when they give it the same points. A rating is the points over the most points;
of one evaluator, the last counts.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import Schema
from reports.rules import quality_inputs
from reports.rules.evaluated import CURRENT, DIMENSIONS, EVALUATED, RATING, with_codes, with_points

_SAME = ("dialer", "subject", "form", "form_version", "item")

EVALUATED_ITEM: Schema = {
    **EVALUATED,
    **dict.fromkeys(("item", "section"), pl.String),
    **dict.fromkeys(("points", "max_points", "item_weight", "earned", "possible", "rating", "raters"), pl.Int64),
    # The mean squared difference from the ratings of the others, and their number with this one.
    "disagreement": pl.Int64,
    **dict.fromkeys(("script", "above_most", "unknown_item"), pl.Boolean),
}


def for_agents() -> pl.Expr:
    """Items that count for agents: outside of calibration sessions."""
    return ~pl.col("calibrated") & pl.col("possible").is_not_null()


def in_script() -> pl.Expr:
    """Items of the script that apply to the call."""
    return for_agents() & pl.col("script")


def observed() -> pl.Expr:
    """Items with all their points."""
    return pl.col("points") == pl.col("max_points")


def rated_by_several() -> pl.Expr:
    """Items that at least two evaluators rated."""
    return pl.col("raters") > 1


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    items = rows["evaluated_items"].pipe(with_codes, context.codes).pipe(with_points)
    items = items.with_columns(item_weight="weight")
    return items.pipe(_with_ratings).filter(pl.col("item").is_not_null()).select(*EVALUATED_ITEM)


def _with_ratings(items: pl.LazyFrame) -> pl.LazyFrame:
    """Items with their rating, and how far it lies from the ratings that other evaluators gave the same item."""
    value = pl.col("rating").cast(pl.Int128)
    count, total, squares = (
        number.over(*_SAME, "is_rated") for number in (value.count(), value.sum(), (value * value).sum())
    )
    # The squared differences from n ratings add up to n v² - 2 v S + Q, with their sum S and the sum of squares Q.
    apart = count * value * value - 2 * value * total + squares
    share = pl.col("points") / pl.col("max_points")
    return (
        items.with_columns(is_rated=_is_rating())
        .with_columns(is_rated=pl.col("is_rated") & _is_last_of_evaluator())
        .with_columns(rating=pl.when("is_rated").then((share * RATING).round().cast(pl.Int64)))
        .with_columns(
            raters=pl.when("is_rated").then(count.cast(pl.Int64)).otherwise(0),
            disagreement=pl.when(pl.col("is_rated") & (count > 1)).then((apart // (count - 1)).cast(pl.Int64)),
        )
    )


def _is_rating() -> pl.Expr:
    """Whether an item has points, about a call or a case that is known."""
    known = pl.col("possible").is_not_null() & pl.col("subject").is_not_null()
    return known & ~pl.col("voided") & ~pl.col("test")


def _is_last_of_evaluator() -> pl.Expr:
    """Whether it is the evaluator's last rating of the item: nobody counts as two."""
    last = pl.col("external_id").sort_by("evaluated_at", "external_id").last()
    return last.over(*_SAME, "evaluator", "is_rated") == pl.col("external_id")


_COUNTED = ~pl.col("test") & ~pl.col("voided")

EVALUATED_ITEMS = Frame(
    name="evaluated_items",
    label="evaluated items",
    sent_as=("form-items", "evaluations"),
    grain="evaluation and item",
    inputs=(Input("evaluated_items", CURRENT, quality_inputs.evaluated_items),),
    columns=EVALUATED_ITEM,
    key=("external_id", "item"),
    resolve=_resolve,
    anchor="evaluated_at",
    dimensions=(*CODE_DIMENSIONS, "queue", *DIMENSIONS, "section", "item", *TIME_DIMENSIONS),
    calls={"call": "either"},
    display_columns=(
        "evaluated_at",
        "section",
        "points",
        "max_points",
        "item_weight",
        "dialer",
        "call",
        "session",
        "raters",
    ),
    scale={"points": 10_000, "max_points": 10_000, "item_weight": 10_000},
    population=_COUNTED,
    exclusions={
        "test": pl.col("test"),
        "voided": ~pl.col("test") & pl.col("voided"),
        "unknown_item": _COUNTED & pl.col("unknown_item"),
        "above_most": _COUNTED & pl.col("above_most"),
    },
)
