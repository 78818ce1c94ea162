"""The types that frames are made of, and the account's codes.

The axes of a call's outcome are listed here, least to most telling, as they are in the ledger's own enums.
"""

from typing import TypeAlias

import polars as pl

NETWORK_RESULTS = (
    "unknown",
    "cancelled",
    "blocked",
    "invalid_number",
    "network_failure",
    "no_answer",
    "busy",
    "rejected",
    "answered",
)
ANSWERED_BY = ("unknown", "fax_or_tone", "machine", "human")
PARTIES = ("unknown", "gatekeeper", "wrong_party", "right_party")
HANDLED = ("none", "ivr_only", "abandoned_by_callee", "abandoned_by_us", "agent")
RESULTS = (
    "none",
    "unmapped",
    "do_not_call",
    "not_qualified",
    "not_interested",
    "callback_requested",
    "interested",
    "qualified",
    "appointment",
    "sale",
)
NEXT_STEPS = ("none", "callback", "follow_up_task")

AGENT_STATES = ("waiting", "dialing", "talking", "holding", "wrapping", "paused", "offline")

# The ledger's name of each axis, and its values in the ledger's order.
AXES = {
    "network_result": NETWORK_RESULTS,
    "answered_by": ANSWERED_BY,
    "party": PARTIES,
    "handled": HANDLED,
    "result": RESULTS,
    "next_step": NEXT_STEPS,
}
AXIS = {name: pl.Enum(values) for name, values in AXES.items()}

INSTANT = pl.Datetime("us", "UTC")
Schema: TypeAlias = dict[str, pl.DataType | type[pl.DataType]]


# The account's codes: few rows, read whole, at the same instant as the facts.
CODES: dict[str, Schema] = {
    "agents": {"code": pl.String, "team": pl.String, "merged_into": pl.String},
    "campaigns": {
        "code": pl.String,
        "source": pl.String,
        "zone": pl.String,
        "starts_on": pl.Date,
        "merged_into": pl.String,
    },
    "sources": {"code": pl.String, "merged_into": pl.String},
    "disposition_codes": {"code": pl.String, **AXIS, "merged_into": pl.String},
    "tracking_numbers": {"code": pl.String},
}
