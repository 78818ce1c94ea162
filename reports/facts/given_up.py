"""Leads never reached: one row is one lead that was called and never spoken with, at the last attempt to it.

It is given up when it was closed by the moment of the report, or was not called for a fortnight up to then. Otherwise
it is still being worked. Attempts are those that could have rung, at any time up to the report. A lead that asked never
to be called was not given up: a person was reached, and further calls are forbidden.

Agent, campaign, source and tracking number are those of the last attempt.
"""

from datetime import timedelta

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, MATERIALISED, TIME_DIMENSIONS, CurrentRows, Frame, Input, Stages
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import Schema
from reports.rules import inputs, lead_selection
from reports.rules.call_populations import possibly_right_party, right_party, valid
from reports.rules.lead_history import LEAD_HISTORY

SILENCE = timedelta(days=14)
ENOUGH = 6

_LEAD = ("lead", "test")
_IN_ORDER = ("dialed_at", "dialer", "external_id")

_GIVEN_UP_LEAD: Schema = {
    **LEAD_HISTORY,
    "attempts": pl.Int64,
    **dict.fromkeys(("refused", "given_up", "perhaps_reached"), pl.Boolean),
}


def given_up() -> pl.Expr:
    """The lead is no longer called."""
    return pl.col("given_up")


def perhaps_reached() -> pl.Expr:
    """The lead is no longer called, and one of the calls may have reached the right party."""
    return given_up() & pl.col("perhaps_reached")


def attempts() -> pl.Expr:
    """How often the lead was called."""
    return pl.col("attempts")


def persisted() -> pl.Expr:
    """The lead was called as often as recommended before giving up."""
    return pl.col("attempts") >= ENOUGH


_LAST: Schema = {**LEAD_HISTORY, "attempts": pl.Int64, "refused": pl.Boolean, "perhaps_reached": pl.Boolean}


def _materialise(rows: CurrentRows, codes: Codes) -> pl.LazyFrame:
    del codes
    calls = rows["calls_until_report"].filter(pl.col("lead").is_not_null() & valid())
    return (
        calls.with_columns(
            attempts=pl.len().over(_LEAD).cast(pl.Int64),
            reached=right_party().any().over(_LEAD),
            perhaps_reached=possibly_right_party().any().over(_LEAD),
            refused=(pl.col("result") == "do_not_call").any().over(_LEAD),
            place=pl.int_range(pl.len()).over(_LEAD, order_by=_IN_ORDER),
        )
        .filter(~pl.col("reached") & (pl.col("place") == pl.col("attempts") - 1))
        .select(*_LAST)
    )


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    closed = (pl.col("lead_closed_at") <= context.until).fill_null(value=False)
    silent = pl.col("dialed_at") <= context.until - SILENCE
    return (
        rows[MATERIALISED]
        .with_columns(team=context.codes.team_of("agent"), given_up=~pl.col("refused") & (closed | silent))
        .select(*_GIVEN_UP_LEAD)
    )


STAGES = Stages(_materialise, _LAST, _finish, subject="lead", at="dialed_at")


_COUNTED = ~pl.col("test")

GIVEN_UP = Frame(
    name="given_up",
    label="leads never reached",
    grain="lead",
    inputs=(Input("calls_until_report", LEAD_HISTORY, inputs.calls_until_report, lead_selection.leads_worked),),
    columns=_GIVEN_UP_LEAD,
    key=("lead", "test"),
    resolve=STAGES.resolve,
    stages=STAGES,
    anchor="dialed_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    calls={"external_id": "attempt"},
    display_columns=("dialed_at", "attempts", "given_up", "lead_closed_at", "dialer", "external_id", "disposition"),
    population=_COUNTED,
    exclusions={
        "test": pl.col("test"),
        "do_not_call": _COUNTED & pl.col("refused"),
        "perhaps_reached": _COUNTED & perhaps_reached(),
        "still_worked": _COUNTED & ~pl.col("refused") & ~given_up(),
    },
)
