"""The words of the ledger and the types that frames are made of.

Each vocabulary is defined once, here: pydantic checks items against the `Literal`, Polars reads the tuple, and a test
holds both equal to PostgreSQL's enums, in order. The axes of a call's outcome go from the least to the most telling.
"""

from typing import Literal, TypeAlias, get_args

import polars as pl

NetworkResult: TypeAlias = Literal[
    "unknown",
    "cancelled",
    "blocked",
    "invalid_number",
    "network_failure",
    "no_answer",
    "busy",
    "rejected",
    "answered",
]
AnsweredBy: TypeAlias = Literal["unknown", "fax_or_tone", "machine", "human"]
Party: TypeAlias = Literal["unknown", "gatekeeper", "wrong_party", "right_party"]
Handled: TypeAlias = Literal["none", "ivr_only", "abandoned_by_callee", "abandoned_by_us", "agent"]
Result: TypeAlias = Literal[
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
]
NextStep: TypeAlias = Literal["none", "callback", "follow_up_task"]

# What told `answered_by`.
Detector: TypeAlias = Literal["carrier", "amd", "agent"]
# How a call got its lead: the sender named it, or it was found by the phone number.
LeadMatch: TypeAlias = Literal["sender", "number"]
InboundOutcome: TypeAlias = Literal["unknown", "abandoned", "missed", "voicemail", "answered"]
AgentActivity: TypeAlias = Literal["waiting", "dialing", "talking", "holding", "wrapping", "paused", "offline"]
Stage: TypeAlias = Literal["contacted", "qualified", "opportunity", "proposal", "won", "lost"]
AppointmentStatus: TypeAlias = Literal["set", "rescheduled", "cancelled_by_them", "cancelled_by_us", "no_show", "held"]
Channel: TypeAlias = Literal["call", "email", "sms", "other"]

NETWORK_RESULTS: tuple[NetworkResult, ...] = get_args(NetworkResult)
ANSWERED_BY: tuple[AnsweredBy, ...] = get_args(AnsweredBy)
PARTIES: tuple[Party, ...] = get_args(Party)
HANDLED: tuple[Handled, ...] = get_args(Handled)
RESULTS: tuple[Result, ...] = get_args(Result)
LEAD_MATCHES: tuple[LeadMatch, ...] = get_args(LeadMatch)
NEXT_STEPS: tuple[NextStep, ...] = get_args(NextStep)
AGENT_STATES: tuple[AgentActivity, ...] = get_args(AgentActivity)
STAGES: tuple[Stage, ...] = get_args(Stage)
APPOINTMENT_STATUSES: tuple[AppointmentStatus, ...] = get_args(AppointmentStatus)
CHANNELS: tuple[Channel, ...] = get_args(Channel)

# The ledger's name of each axis, and its values in the ledger's order.
AXES: dict[str, tuple[str, ...]] = {
    "network_result": NETWORK_RESULTS,
    "answered_by": ANSWERED_BY,
    "party": PARTIES,
    "handled": HANDLED,
    "result": RESULTS,
    "next_step": NEXT_STEPS,
}
AXIS = {name: pl.Enum(values) for name, values in AXES.items()}
# The axes of a call as it counts: who handled it may be unknown, and that is not the same as nobody.
COUNTED_AXIS = {**AXIS, "handled": pl.Enum(("unknown", *HANDLED))}

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
