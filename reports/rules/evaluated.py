"""Evaluations as they count: the points of each item, by its form, and who rated the same.

Points are weighted: the weight of an item times its points. An item that does not apply, or that no version of the form
has, counts nowhere. So does an item with more points than the form allows.
"""

import polars as pl

from reports.model.codes import Codes
from reports.model.types import DISPUTE, INSTANT, Schema

# A weight and its points, both in ten-thousandths.
WEIGHTED = 10**8
# Ratings and their differences, as whole numbers.
RATING = 10**9

_TEXTS = ("external_id", "form", "form_version", "evaluator", "dialer", "call", "case_id", "agent", "queue", "session")
CURRENT: Schema = {
    **dict.fromkeys(_TEXTS, pl.String),
    "evaluated_at": INSTANT,
    "auto_failed": pl.Boolean,
    "dispute": DISPUTE,
    **dict.fromkeys(
        ("call_agent", "call_disposition_agent", "call_campaign", "call_source", "call_tracking_number"), pl.String
    ),
    "call_test": pl.Boolean,
    **dict.fromkeys(("item", "section"), pl.String),
    **dict.fromkeys(("not_applicable", "auto_fail", "script"), pl.Boolean),
    **dict.fromkeys(("points", "weight", "max_points"), pl.Int64),
}
# The columns that every kind of fact about evaluations has.
EVALUATED: Schema = {
    **dict.fromkeys(_TEXTS, pl.String),
    "subject": pl.String,
    "evaluated_at": INSTANT,
    "dispute": DISPUTE,
    **dict.fromkeys(("team", "campaign", "source", "tracking_number"), pl.String),
    **dict.fromkeys(("test", "voided", "calibrated"), pl.Boolean),
}
DIMENSIONS = ("evaluator", "form", "form_version")


def with_codes(items: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Items with the codes that their evaluations count for, and what excludes these."""
    return (
        items.with_columns(
            subject=pl.coalesce("call", "case_id"),
            agent=pl.coalesce("agent", "call_agent", "call_disposition_agent"),
            campaign="call_campaign",
            tracking_number="call_tracking_number",
            test=pl.col("call_test").fill_null(value=False),
            voided=(pl.col("dispute") == "voided").fill_null(value=False),
            calibrated=pl.col("session").is_not_null(),
        )
        .with_columns(agent=codes.read("agent"), campaign=codes.read("campaign"))
        .with_columns(team=codes.team_of("agent"), source=pl.coalesce("call_source", codes.source_of("campaign")))
        .with_columns(source=codes.read("source"))
    )


def with_points(items: pl.LazyFrame) -> pl.LazyFrame:
    """Items with the weighted points that they earned and could earn; both null where an item does not count."""
    scored = pl.col("points").is_not_null() & ~pl.col("not_applicable").fill_null(value=False)
    known = pl.col("max_points").is_not_null()
    above = scored & known & (pl.col("points") > pl.col("max_points"))
    counts = scored & known & ~above
    failed = counts & pl.col("auto_fail").fill_null(value=False) & (pl.col("points") == 0)
    return items.with_columns(
        earned=pl.when(counts).then(pl.col("weight") * pl.col("points")),
        possible=pl.when(counts).then(pl.col("weight") * pl.col("max_points")),
        above_most=above.fill_null(value=False),
        unknown_item=pl.col("item").is_not_null() & ~known,
        failed=failed.fill_null(value=False),
        script=counts & pl.col("script").fill_null(value=False),
    )


def auto_failed() -> pl.Expr:
    """Whether an evaluation was failed whole, by an item or by its evaluator; over the items of the evaluation."""
    return pl.col("failed").any() | pl.col("auto_failed").fill_null(value=False).any()
