"""Appointments by when they were set: one row is one appointment, however often it was rescheduled.

The agent is the one that the appointment names, else the agent of the attempt that set it, else the owner of its lead.
So an appointment that came by e-mail after a call counts for the owner, unless it names another agent. Campaign, source
and tracking number are those of the attempt, else of the lead; the source is, last of all, the campaign's own. An
appointment is a test when its attempt is one, or when the attempt is not marked and the lead is one.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import APPOINTMENT_STATUSES, INSTANT, Schema
from reports.rules import inputs

_KNOWN: Schema = {
    "external_id": pl.String,
    "lead": pl.String,
    "dialer": pl.String,
    "attempt": pl.String,
    **dict.fromkeys(("agent", "campaign", "source", "tracking_number"), pl.String),
    "set_at": INSTANT,
    "scheduled_at": INSTANT,
    "status": pl.Enum(APPOINTMENT_STATUSES),
}

_CURRENT: Schema = {
    **_KNOWN,
    **dict.fromkeys(("attempt_agent", "disposition_agent", "owner", "lead_campaign", "lead_source"), pl.String),
    "test": pl.Boolean,
    "lead_test": pl.Boolean,
}

APPOINTMENT: Schema = {**_KNOWN, "team": pl.String, "test": pl.Boolean}


def was_set() -> pl.Expr:
    """Every appointment that was set."""
    return ~pl.col("test")


def resolve_appointments(rows: CurrentRows, codes: Codes) -> pl.LazyFrame:
    """Resolved appointments, with the columns of APPOINTMENT."""
    return (
        rows["appointments"]
        .with_columns(
            agent=pl.coalesce("agent", "attempt_agent", "disposition_agent", "owner"),
            campaign=pl.coalesce("campaign", "lead_campaign"),
            test=pl.coalesce("test", "lead_test", pl.lit(value=False)),
        )
        .with_columns(agent=codes.read("agent"), campaign=codes.read("campaign"))
        .with_columns(
            team=codes.team_of("agent"),
            source=pl.coalesce("source", "lead_source", codes.source_of("campaign")),
        )
        .with_columns(source=codes.read("source"))
        .select(*APPOINTMENT)
    )


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    return resolve_appointments(rows, context.codes)


APPOINTMENTS = Frame(
    name="appointments",
    label="appointments by when they were set",
    sent_as=("appointments",),
    grain="appointment",
    inputs=(Input("appointments", _CURRENT, inputs.appointments),),
    columns=APPOINTMENT,
    key=("external_id",),
    resolve=_resolve,
    anchor="set_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    calls={"attempt": "attempt"},
    display_columns=("set_at", "scheduled_at", "status", "lead", "dialer", "attempt"),
    population=~pl.col("test"),
    exclusions={
        "test": pl.col("test"),
        "without_call": ~pl.col("test") & pl.col("attempt").is_null(),
    },
)
