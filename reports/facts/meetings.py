"""Meetings: one row is one appointment, at the time it is scheduled for now, however often it was rescheduled.

A meeting is due once its time has come by the moment of the report, or once it was held or missed. A meeting that we
cancelled is not due. A meeting that the customer cancelled is due at its time, and was not held. Its agent and its
source are resolved as in reports/facts/appointments.py.
"""

import polars as pl

from reports.facts.appointments import APPOINTMENT, APPOINTMENTS, resolve_appointments
from reports.measures.frame import CurrentRows, Frame
from reports.model.resolve_context import ResolveContext


def held() -> pl.Expr:
    """Both sides came."""
    return (pl.col("status") == "held").fill_null(value=False)


def due() -> pl.Expr:
    """The meeting should have taken place by now."""
    return pl.col("due")


def outcome_unknown() -> pl.Expr:
    """The meeting is due, and its outcome was not reported."""
    return due() & ~_is("held", "no_show", "cancelled_by_them")


def _is(*statuses: str) -> pl.Expr:
    return pl.col("status").is_in(statuses).fill_null(value=False)


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    come = (pl.col("scheduled_at") <= context.until) | _is("held", "no_show")
    return resolve_appointments(rows, context.codes).with_columns(due=come & ~_is("cancelled_by_us"))


MEETINGS = Frame(
    name="meetings",
    label="appointments by when they are scheduled",
    sent_as=("appointments",),
    grain="appointment",
    inputs=APPOINTMENTS.inputs,
    columns={**APPOINTMENT, "due": pl.Boolean},
    key=("external_id",),
    resolve=_resolve,
    anchor="scheduled_at",
    dimensions=APPOINTMENTS.dimensions,
    calls={"attempt": "attempt"},
    display_columns=("scheduled_at", "status", "due", "set_at", "lead", "dialer", "attempt"),
    population=~pl.col("test"),
    exclusions={
        "test": pl.col("test"),
        "not_yet_due": ~pl.col("test") & ~due() & ~_is("cancelled_by_us"),
        "cancelled_by_us": ~pl.col("test") & _is("cancelled_by_us"),
        "cancelled_by_them": ~pl.col("test") & due() & _is("cancelled_by_them"),
        "no_show": ~pl.col("test") & _is("no_show"),
        "outcome_not_told": ~pl.col("test") & outcome_unknown(),
    },
)
