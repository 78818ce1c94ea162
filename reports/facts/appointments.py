"""Appointments by when they were set: one row is one appointment, however often it was put off.

Whose it is: the agent's whom the appointment names; else of the attempt that set it, as attempts settle it; else the
owner's of its lead. So an appointment that came by e-mail after a call is the owner's, unless it says otherwise.
Campaign, source and tracking number are those of the attempt; without one, the lead's; a source is, last of all, the
campaign's own. An appointment is a test when its attempt is one, or says nothing and the lead is one.
"""

import polars as pl

from reports.facts.attempts import CODES_OF_A_CALL, TIMES
from reports.model.codes import Codes
from reports.model.types import APPOINTMENT_STATUSES, INSTANT, Schema
from reports.rules import inputs
from reports.rules.frame import CurrentRows, Frame, Input, ResolveContext

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

_BELIEVED: Schema = {
    **_KNOWN,
    **dict.fromkeys(("attempt_agent", "disposition_agent", "owner", "lead_campaign", "lead_source"), pl.String),
    "test": pl.Boolean,
    "lead_test": pl.Boolean,
}

APPOINTMENT: Schema = {**_KNOWN, "team": pl.String, "test": pl.Boolean}
EXTRACTS = (Input("appointments", _BELIEVED, inputs.appointments),)


def was_set() -> pl.Expr:
    """Every appointment that was set."""
    return ~pl.col("test")


def settle_appointments(believed: CurrentRows, codes: Codes) -> pl.LazyFrame:
    """Appointments as they count, with the columns of APPOINTMENT."""
    return (
        believed["appointments"]
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


def _settle(believed: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    return settle_appointments(believed, context.codes)


FRAME = Frame(
    name="appointments",
    label="appointments by when they were set",
    inputs=EXTRACTS,
    columns=APPOINTMENT,
    key=("external_id",),
    resolve=_settle,
    dimensions=(*CODES_OF_A_CALL, *TIMES),
    display_columns=("set_at", "scheduled_at", "status", "lead", "dialer", "attempt"),
    population=~pl.col("test"),
    exclusions={
        "test": pl.col("test"),
        "without_call": ~pl.col("test") & pl.col("attempt").is_null(),
    },
)

APPOINTMENT_DIMENSIONS = FRAME.dimensions
