"""The types that frames are made of: the words of reports/model/vocabulary.py as Polars reads them, and schemas."""

from typing import TypeAlias

import polars as pl

from reports.model.vocabulary import (
    AGENT_STATES,
    APPOINTMENT_STATUSES,
    AXES,
    CHANNELS,
    DISPUTES,
    HANDLED,
    INBOUND_OUTCOMES,
    LEAD_MATCHES,
    PLANNED_ACTIVITIES,
    SURVEY_KINDS,
    VALUE_PERIODS,
)

LEAD_MATCH = pl.Enum(LEAD_MATCHES)
AGENT_STATE = pl.Enum(AGENT_STATES)
APPOINTMENT_STATUS = pl.Enum(APPOINTMENT_STATUSES)
CHANNEL = pl.Enum(CHANNELS)
INBOUND_OUTCOME = pl.Enum(INBOUND_OUTCOMES)
PLANNED_ACTIVITY = pl.Enum(PLANNED_ACTIVITIES)
VALUE_PERIOD = pl.Enum(VALUE_PERIODS)
SURVEY_KIND = pl.Enum(SURVEY_KINDS)
DISPUTE = pl.Enum(DISPUTES)
AXIS = {name: pl.Enum(values) for name, values in AXES.items()}
# The axes of a call as it counts: who handled it may be unknown, and that is not the same as nobody.
COUNTED_AXIS = {**AXIS, "handled": pl.Enum(("unknown", *HANDLED))}

INSTANT = pl.Datetime("us", "UTC")
# A code of the account on many rows: numbers, which are compared and grouped faster than texts.
CODE = pl.Categorical()
Schema: TypeAlias = dict[str, pl.DataType | type[pl.DataType]]

# The account's codes: few rows, read whole, at the same instant as the facts.
CODES: dict[str, Schema] = {
    "agents": {"code": pl.String, "name": pl.String, "team": pl.String, "merged_into": pl.String},
    "campaigns": {
        "code": pl.String,
        "name": pl.String,
        "source": pl.String,
        "zone": pl.String,
        "starts_on": pl.Date,
        "merged_into": pl.String,
    },
    "sources": {"code": pl.String, "name": pl.String, "merged_into": pl.String},
    "disposition_codes": {"code": pl.String, **AXIS, "merged_into": pl.String},
    "tracking_numbers": {"code": pl.String},
}
