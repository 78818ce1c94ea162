"""The contracts of the frames: which columns a source of facts delivers, and of which type.

The axes of a call's outcome are listed here, least to most telling, as they are in the ledger's own enums.

A frame is believed or settled. Believed facts are what senders said, as the ledger keeps them: a source (the ledger
today, a copy of it later) delivers those and decides nothing. Settled facts are what an attempt finally counts as:
reports/outcomes.py makes them from the believed ones and the codes of the account.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Frame:
    """One kind of fact: what is believed of it, what is settled about it, and the columns that name one row."""

    name: str
    believed: Schema
    settled: Schema
    key: tuple[str, ...]


_MOMENTS: Schema = {"dialed_at": INSTANT, "answered_at": INSTANT, "ended_at": INSTANT}
_DURATIONS: Schema = {
    "ring_ms": pl.Int32,
    "talk_ms": pl.Int32,
    "hold_ms": pl.Int32,
    "wrap_ms": pl.Int32,
    "dead_ms": pl.Int32,
}
_NAMES: Schema = {
    "dialer": pl.String,
    "external_id": pl.String,
    "campaign": pl.String,
    "agent": pl.String,
    "source": pl.String,
    "tracking_number": pl.String,
    "lead": pl.String,
}

ATTEMPTS = Frame(
    name="attempts",
    believed={
        **_NAMES,
        "lead_source": pl.String,
        "lead_test": pl.Boolean,
        **_MOMENTS,
        "agent_joined_at": INSTANT,
        **_DURATIONS,
        "network_result": AXIS["network_result"],
        "answered_by": AXIS["answered_by"],
        "handled": AXIS["handled"],
        "test": pl.Boolean,
        "disposition": pl.String,
        "disposition_agent": pl.String,
        "callback_at": INSTANT,
    },
    settled={**_NAMES, "team": pl.String, **_MOMENTS, **_DURATIONS, **AXIS, "disposition": pl.String}
    | {"test": pl.Boolean, "open": pl.Boolean},
    key=("dialer", "external_id"),
)

FRAMES = {frame.name: frame for frame in (ATTEMPTS,)}

# The account's codes: few rows, read whole, at the same instant as the facts.
CODES: dict[str, Schema] = {
    "agents": {"code": pl.String, "team": pl.String, "merged_into": pl.String},
    "campaigns": {"code": pl.String, "source": pl.String, "zone": pl.String, "merged_into": pl.String},
    "sources": {"code": pl.String, "merged_into": pl.String},
    "disposition_codes": {"code": pl.String, **AXIS, "merged_into": pl.String},
    "tracking_numbers": {"code": pl.String},
}
