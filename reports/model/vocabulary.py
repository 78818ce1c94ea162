"""The words of the ledger and of its reports, each vocabulary once.

Pydantic checks items against the `Literal`, Polars reads the tuple, and a test holds both equal to PostgreSQL's enums,
in order. The axes of a call's outcome go from the least to the most telling. The commands offer these words in their
help, so this module imports nothing heavy.
"""

from typing import Literal, TypeAlias, get_args

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
InboundOutcome: TypeAlias = Literal["unknown", "abandoned", "missed", "voicemail", "callback", "answered"]
# How a caller's wait in one queue ended; moved: the call went on to another queue unanswered.
WaitOutcome: TypeAlias = Literal["moved", "abandoned", "missed", "voicemail", "callback", "answered"]
AgentActivity: TypeAlias = Literal["waiting", "dialing", "talking", "holding", "wrapping", "paused", "offline"]
# What an agent is planned to do; off is no working time.
PlannedActivity: TypeAlias = Literal["work", "break", "training", "meeting", "off"]
# What the value of a customer is for: each month of a contract, or a single sale.
ValuePeriod: TypeAlias = Literal["month", "sale"]
Stage: TypeAlias = Literal["contacted", "qualified", "opportunity", "proposal", "won", "lost"]
AppointmentStatus: TypeAlias = Literal["set", "rescheduled", "cancelled_by_them", "cancelled_by_us", "no_show", "held"]
Channel: TypeAlias = Literal["call", "email", "sms", "other"]
# What a survey asks for: satisfaction, recommendation (net promoter score), or how easy it was (customer effort score).
SurveyKind: TypeAlias = Literal["csat", "nps", "ces"]
# rejected: the score stands. corrected: its points were changed. voided: the evaluation no longer counts.
Dispute: TypeAlias = Literal["open", "rejected", "corrected", "voided"]

NETWORK_RESULTS: tuple[NetworkResult, ...] = get_args(NetworkResult)
ANSWERED_BY: tuple[AnsweredBy, ...] = get_args(AnsweredBy)
PARTIES: tuple[Party, ...] = get_args(Party)
HANDLED: tuple[Handled, ...] = get_args(Handled)
RESULTS: tuple[Result, ...] = get_args(Result)
LEAD_MATCHES: tuple[LeadMatch, ...] = get_args(LeadMatch)
NEXT_STEPS: tuple[NextStep, ...] = get_args(NextStep)
INBOUND_OUTCOMES: tuple[InboundOutcome, ...] = get_args(InboundOutcome)
WAIT_OUTCOMES: tuple[WaitOutcome, ...] = get_args(WaitOutcome)
AGENT_STATES: tuple[AgentActivity, ...] = get_args(AgentActivity)
PLANNED_ACTIVITIES: tuple[PlannedActivity, ...] = get_args(PlannedActivity)
VALUE_PERIODS: tuple[ValuePeriod, ...] = get_args(ValuePeriod)
STAGES: tuple[Stage, ...] = get_args(Stage)
APPOINTMENT_STATUSES: tuple[AppointmentStatus, ...] = get_args(AppointmentStatus)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
SURVEY_KINDS: tuple[SurveyKind, ...] = get_args(SurveyKind)
DISPUTES: tuple[Dispute, ...] = get_args(Dispute)

# The ledger's name of each axis, and its values in the ledger's order.
AXES: dict[str, tuple[str, ...]] = {
    "network_result": NETWORK_RESULTS,
    "answered_by": ANSWERED_BY,
    "party": PARTIES,
    "handled": HANDLED,
    "result": RESULTS,
    "next_step": NEXT_STEPS,
}

HOURS_OF_WEEK = tuple(
    f"{day} {hour:02}:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") for hour in range(24)
)
HOURS_OF_DAY = tuple(f"{hour:02}:00" for hour in range(24))
HALF_HOURS_OF_DAY = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 1440, 30))
QUARTER_HOURS_OF_DAY = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 1440, 15))

# The goals of a report. reports/rules/calls.py says which results reach each.
GOAL_NAMES = ("sale", "appointment", "qualified", "any")
# The attribution models. reports/rules/attribution_models.py says how each shares the credit.
MODEL_NAMES = (
    "first_touch",
    "lead_creation",
    "first_and_lead",
    "last_touch",
    "last_non_direct",
    "linear",
    "position_based",
    "w_shaped",
    "full_path",
    "time_decay",
)
# Two models at once, so readers do not take one model for the truth.
DEFAULT_MODELS = ("lead_creation", "linear")

# What narrows the past calls of a staffing forecast.
STAFFING_FILTERS = ("queue", "menu_path", "topic", "campaign", "source", "tracking_number", "country", "region")
