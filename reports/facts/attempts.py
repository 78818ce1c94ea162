"""Attempts: one row is one dial to one number, resolved by the rules of reports/rules/call_outcomes.py.

The populations of reports/rules/call_populations.py select from them. Test calls and spam are in no metric.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.rules import inputs
from reports.rules.call_populations import undisposed, unmapped
from reports.rules.calls import CALL


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    del context
    return rows["attempts"]


ATTEMPTS = Frame(
    name="attempts",
    label="calls",
    grain="attempt",
    inputs=(Input("attempts", CALL, inputs.attempts),),
    columns=CALL,
    key=("dialer", "external_id"),
    resolve=_resolve,
    anchor="dialed_at",
    dimensions=(
        *CODE_DIMENSIONS,
        "disposition",
        "result",
        "network_result",
        "answered_by",
        "country",
        "region",
        "lead_by",
        "period",
        *TIME_DIMENSIONS,
        "callee_hour_of_week",
        "talk_length",
    ),
    calls={"external_id": "attempt"},
    display_columns=(
        "dialed_at",
        "lead",
        "network_result",
        "answered_by",
        "handled",
        "party",
        "disposition",
        "result",
        "talk_ms",
    ),
    population=~pl.col("test"),
    exclusions={
        "test": pl.col("test") & ~pl.col("spam"),
        "spam": pl.col("spam"),
        "open": ~pl.col("test") & pl.col("open"),
        "unmapped": ~pl.col("test") & unmapped(),
        "undisposed": ~pl.col("test") & undisposed(),
        "unattributed": ~pl.col("test") & pl.col("source").is_null(),
        "person_assumed": ~pl.col("test") & pl.col("person_assumed"),
        "lead_by_number": ~pl.col("test") & (pl.col("lead_by") == "number").fill_null(value=False),
        "no_lead": ~pl.col("test") & pl.col("lead").is_null(),
    },
    plain_exclusions=True,
    filterable={"attempts": ("campaign", "tracking_number")},
    row_wise=True,
)
