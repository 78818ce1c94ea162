"""Shared calls: one row is one call that a manager shared with a team for coaching, by when it was shared.

The team is the one that the call is shared with. Agent, campaign, source and tracking number are those of the call. A
share that was withdrawn by the moment of the report no longer counts.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import quality_inputs
from reports.rules.lead_selection import happened_by

_SHARED: Schema = {
    **dict.fromkeys(("external_id", "dialer", "call", "team", "manager"), pl.String),
    **dict.fromkeys(("shared_at", "withdrawn_at"), INSTANT),
}
_CURRENT: Schema = {
    **_SHARED,
    **dict.fromkeys(
        ("call_agent", "call_disposition_agent", "call_campaign", "call_source", "call_tracking_number"), pl.String
    ),
    "call_test": pl.Boolean,
}
SHARED_CALL: Schema = {
    **_SHARED,
    **dict.fromkeys(("agent", "campaign", "source", "tracking_number"), pl.String),
    **dict.fromkeys(("test", "withdrawn"), pl.Boolean),
}


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    codes = context.codes
    return (
        rows["shared_calls"]
        .with_columns(
            agent=pl.coalesce("call_agent", "call_disposition_agent"),
            campaign="call_campaign",
            tracking_number="call_tracking_number",
            test=pl.col("call_test").fill_null(value=False),
            withdrawn=happened_by("withdrawn_at", context.until).fill_null(value=False),
        )
        .with_columns(agent=codes.read("agent"), campaign=codes.read("campaign"))
        .with_columns(source=pl.coalesce("call_source", codes.source_of("campaign")))
        .with_columns(source=codes.read("source"))
        .select(*SHARED_CALL)
    )


_COUNTED = ~pl.col("test") & ~pl.col("withdrawn")

SHARED_CALLS = Frame(
    name="shared_calls",
    label="shared calls",
    sent_as=("shared-calls",),
    grain="call shared with a team",
    inputs=(Input("shared_calls", _CURRENT, quality_inputs.shared_calls),),
    columns=SHARED_CALL,
    key=("external_id",),
    resolve=_resolve,
    anchor="shared_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    calls={"call": "either"},
    display_columns=("shared_at", "manager", "dialer", "call", "withdrawn_at"),
    population=_COUNTED,
    exclusions={"test": pl.col("test"), "withdrawn": ~pl.col("test") & pl.col("withdrawn")},
)
