"""The populations that metrics count in, each defined once, over one settled attempt.

They are nested by the rules of reports/outcomes.py: a conversation is with the right party, who is a person with an
agent, who is a person who answered, which makes a valid attempt. Test calls are taken out before any metric sees them.
"""

import polars as pl

CONVERSATION_MS = 60_000

ATTEMPT_DIMENSIONS = ("agent", "team", "campaign", "source", "tracking_number", "day", "hour")


def attempted() -> pl.Expr:
    """Every attempt that was started."""
    return ~pl.col("test")


def valid() -> pl.Expr:
    """Attempts that could have reached somebody: neither cancelled before ringing nor blocked by us."""
    return (pl.col("network_result") != "cancelled") & (pl.col("network_result") != "blocked")


def answered() -> pl.Expr:
    """Something or somebody picked up: a person, a machine, or nobody knows what."""
    return pl.col("network_result") == "answered"


def human() -> pl.Expr:
    """A person picked up, whether or not anyone was there to talk to them."""
    return pl.col("answered_by") == "human"


def human_with_agent() -> pl.Expr:
    """A person picked up and an agent spoke with them."""
    return human() & (pl.col("handled") == "agent")


def right_party() -> pl.Expr:
    """An agent spoke with the person the call was meant for."""
    return human_with_agent() & (pl.col("party") == "right_party")


def conversation() -> pl.Expr:
    """An agent talked with the right person for a minute or longer."""
    return right_party() & (pl.col("talk_ms") >= CONVERSATION_MS)


def sale() -> pl.Expr:
    """The call's current disposition is a sale."""
    return pl.col("result") == "sale"


def appointment() -> pl.Expr:
    """The call's current disposition is an appointment."""
    return pl.col("result") == "appointment"


def ended() -> pl.Expr:
    """The call is over."""
    return ~pl.col("open")


def undisposed() -> pl.Expr:
    """The call is over and nobody has said what came of it."""
    return ended() & pl.col("disposition").is_null()


def customer_talk_ms() -> pl.Expr:
    """How long agent and customer talked: talk time without the seconds after the customer had gone."""
    return (pl.col("talk_ms") - pl.col("dead_ms").fill_null(0)).clip(lower_bound=0)
