"""Inbound calls: one row is one call from a caller, resolved by the rules of reports/rules/inbound/outcomes.py.

A call counts if it was offered: it entered a queue or rang at an agent. Every offered call has exactly one outcome:
answered, abandoned, missed, voicemail, callback, or open. Test calls and spam are in no metric.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.calendars import open_windows
from reports.model.resolve_context import ResolveContext
from reports.model.types import Schema
from reports.rules.inbound import inputs
from reports.rules.inbound.outcomes import CURRENT_INBOUND_CALL, RESOLVED_INBOUND_CALL, answered, resolve_inbound_calls

# Calls that come in are planned for by the half or quarter hour.
INBOUND_DIMENSIONS = (
    *CODE_DIMENSIONS,
    *("queue", "menu_path", "topic", "country", "region"),
    *TIME_DIMENSIONS,
    *("half_hour_of_day", "quarter_hour_of_day"),
)

INBOUND_CALL: Schema = {
    **RESOLVED_INBOUND_CALL,
    # Whether it arrived outside the working hours of the account.
    "after_hours": pl.Boolean,
}


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    calls = resolve_inbound_calls(rows["inbound_calls"], context)
    return calls.with_columns(after_hours=_after_hours(context)).select(*INBOUND_CALL)


def _after_hours(context: ResolveContext) -> pl.Expr:
    """Whether a call of the window arrived while the account was closed."""
    window = context.window
    opened = open_windows(context.codes.calendars[None], window.start, window.end)
    if opened.is_empty():
        return pl.lit(value=True)
    place = pl.lit(opened["opens_at"]).search_sorted(pl.col("arrived_at"), side="right").cast(pl.Int64) - 1
    closes_at = pl.lit(opened["closes_at"]).gather(place.clip(lower_bound=0))
    return (place < 0) | (pl.col("arrived_at") >= closes_at)


_COUNTED = ~pl.col("test") & pl.col("offered")

INBOUND_CALLS = Frame(
    name="inbound_calls",
    label="inbound calls",
    sent_as=("inbound-calls",),
    grain="inbound call",
    inputs=(Input("inbound_calls", CURRENT_INBOUND_CALL, inputs.inbound_calls),),
    columns=INBOUND_CALL,
    key=("dialer", "external_id"),
    resolve=_resolve,
    anchor="arrived_at",
    dimensions=INBOUND_DIMENSIONS,
    calls={"external_id": "inbound_call"},
    display_columns=("arrived_at", "queued_at", "lead", "outcome", "wait_ms", "talk_ms", "ended_at", "case_id"),
    population=_COUNTED,
    exclusions={
        "test": pl.col("test") & ~pl.col("spam").fill_null(value=False),
        "spam": pl.col("spam").fill_null(value=False),
        "left_in_menu": ~pl.col("test") & ~pl.col("offered"),
        "open": _COUNTED & (pl.col("outcome") == "open"),
        "no_agent": _COUNTED & answered() & pl.col("agent").is_null(),
        "unattributed": _COUNTED & pl.col("source").is_null(),
    },
    filterable={"inbound_calls": ("campaign", "tracking_number")},
    row_wise=True,
)
