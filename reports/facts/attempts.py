"""Attempts: one row is one dial to one number, settled by the rules of reports/rules/call_outcomes.py.

The populations are nested by those rules: a conversation is with the right party, who is a person with an agent, who
is a person who answered, which makes a valid attempt. Test calls are taken out before any metric sees them.
"""

import polars as pl

from reports.rules import inputs
from reports.rules.calls import CALL
from reports.rules.frame import CurrentRows, Frame, Input, ResolveContext

CONVERSATION_MS = 60_000


def attempted() -> pl.Expr:
    """Every attempt that was started."""
    return ~pl.col("test")


def valid() -> pl.Expr:
    """Attempts that could have reached somebody: neither cancelled before ringing nor blocked by us."""
    return (pl.col("network_result") != "cancelled") & (pl.col("network_result") != "blocked")


def answered() -> pl.Expr:
    """Something or somebody picked up: a person, a machine, or nobody knows what."""
    return pl.col("network_result") == "answered"


def unseen() -> pl.Expr:
    """Something picked up and nobody knows what."""
    return answered() & (pl.col("answered_by") == "unknown")


def on_the_network() -> pl.Expr:
    """The network did its part: it rang, was busy, was rejected or was picked up."""
    return pl.col("network_result").cast(pl.String).is_in(["answered", "busy", "no_answer", "rejected"])


def network_unknown() -> pl.Expr:
    """Nobody reported what the network made of the call."""
    return pl.col("network_result") == "unknown"


def human() -> pl.Expr:
    """A person picked up, whether or not anyone was there to talk to them."""
    return pl.col("answered_by") == "human"


def human_with_agent() -> pl.Expr:
    """A person picked up and an agent spoke with them."""
    return human() & (pl.col("handled") == "agent")


def agent_with_unseen() -> pl.Expr:
    """An agent was on the line, and nobody knows whether with a person."""
    return unseen() & (pl.col("handled") == "agent")


def right_party() -> pl.Expr:
    """An agent spoke with the person the call was meant for."""
    return human_with_agent() & (pl.col("party") == "right_party")


def conversation() -> pl.Expr:
    """An agent talked with the right person for a minute or longer."""
    return right_party() & (pl.col("talk_ms") >= CONVERSATION_MS)


def goal() -> pl.Expr:
    """The call came to what the report asks about: a sale, unless it is asked with another goal."""
    return pl.col("goal")


def appointment() -> pl.Expr:
    """The call's current disposition is an appointment."""
    return pl.col("result") == "appointment"


def ended() -> pl.Expr:
    """The call is over."""
    return ~pl.col("open")


def undisposed() -> pl.Expr:
    """The call is over and nobody has said what came of it."""
    return ended() & ~disposed()


def disposed() -> pl.Expr:
    """Somebody has said what came of the call, be it with a code that has no meaning yet."""
    return pl.col("disposition").is_not_null()


def unmapped() -> pl.Expr:
    """What came of the call was said with a code that has no meaning yet."""
    return pl.col("result") == "unmapped"


def customer_talk_ms() -> pl.Expr:
    """How long agent and customer talked: talk time without the seconds after the customer had gone."""
    return (pl.col("talk_ms") - pl.col("dead_ms").fill_null(0)).clip(lower_bound=0)


def talked() -> pl.Expr:
    """An agent spoke with a person, and it is known for how long."""
    return human_with_agent() & customer_talk_ms().is_not_null()


# What every frame that is made of calls can be broken down by.
CODES_OF_A_CALL = ("agent", "team", "campaign", "source", "tracking_number")
TIMES = ("hour", "day", "week", "month", "hour_of_week", "hour_of_day")


def _settle(believed: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    del context
    return believed["attempts"]


FRAME = Frame(
    name="attempts",
    label="attempts",
    inputs=(Input("attempts", CALL, inputs.attempts),),
    columns=CALL,
    key=("dialer", "external_id"),
    resolve=_settle,
    dimensions=(
        *CODES_OF_A_CALL,
        "disposition",
        "result",
        "network_result",
        "answered_by",
        "country",
        "region",
        "period",
        *TIMES,
        "callee_hour_of_week",
        "talk_length",
    ),
    display_columns=(
        "dialed_at",
        "lead",
        "network_result",
        "answered_by",
        "handled",
        "party",
        "disposition",
        "result",
        "talk_ms",
    ),
    population=~pl.col("test"),
    exclusions={
        "test": pl.col("test"),
        "open": ~pl.col("test") & pl.col("open"),
        "unmapped": ~pl.col("test") & unmapped(),
        "undisposed": ~pl.col("test") & undisposed(),
        "unattributed": ~pl.col("test") & pl.col("source").is_null(),
    },
    row_wise=True,
)

ATTEMPT_DIMENSIONS = FRAME.dimensions
