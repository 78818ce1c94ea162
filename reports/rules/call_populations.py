"""Which calls count: the populations that metrics and other rules select from resolved calls.

The rules of reports/rules/call_outcomes.py nest them: conversation, right party, person with an agent, person,
answered, valid attempt. Each is part of the next.

Beside each stand the calls that may belong to it: nothing tells who answered them, who handled them, or how they ended.
"""

import polars as pl

CONVERSATION_MS = 60_000


def attempted() -> pl.Expr:
    """Every attempt that was started, test calls and spam excluded."""
    return ~pl.col("test")


def valid() -> pl.Expr:
    """Attempts that could have reached a person: neither cancelled before ringing nor blocked by us."""
    return (pl.col("network_result") != "cancelled") & (pl.col("network_result") != "blocked")


def answered() -> pl.Expr:
    """The call was picked up: by a person, a machine or an unknown answerer."""
    return pl.col("network_result") == "answered"


def answerer_unknown() -> pl.Expr:
    """The call was picked up, and it is not known by what."""
    return answered() & (pl.col("answered_by") == "unknown")


def on_the_network() -> pl.Expr:
    """The network did its part: the call rang, was busy, was rejected or was picked up."""
    results = ("answered", "busy", "no_answer", "rejected")
    return pl.any_horizontal(pl.col("network_result") == result for result in results)


def network_unknown() -> pl.Expr:
    """The network's result was not reported."""
    return pl.col("network_result") == "unknown"


def possibly_answered() -> pl.Expr:
    """The call is over and nothing tells how it ended on the network, so it may have been picked up."""
    return network_unknown() & ended()


def possibly_human() -> pl.Expr:
    """A person may have picked up: nothing tells who did, or nothing tells whether it was picked up."""
    return answerer_unknown() | possibly_answered()


def human() -> pl.Expr:
    """A person picked up, whether or not an agent was there to talk to them."""
    return pl.col("answered_by") == "human"


def human_with_agent() -> pl.Expr:
    """A person picked up and an agent spoke with them."""
    return human() & (pl.col("handled") == "agent")


def handler_unknown() -> pl.Expr:
    """The call was picked up, and it is not known who handled it on our side."""
    return answered() & (pl.col("handled") == "unknown")


def possibly_human_with_agent() -> pl.Expr:
    """A person may have picked up, an agent may have spoken with them, and one of the two is not known."""
    maybe_agent = (pl.col("handled") == "agent") | (pl.col("handled") == "unknown")
    return (possibly_human() | human()) & maybe_agent & ~human_with_agent()


def agent_on_the_line() -> pl.Expr:
    """An agent handled an answered call, and no machine is known to have picked up."""
    return (answerer_unknown() | human()) & (pl.col("handled") == "agent")


def right_party() -> pl.Expr:
    """An agent spoke with the person the call was meant for."""
    return human_with_agent() & (pl.col("party") == "right_party")


def possibly_right_party() -> pl.Expr:
    """An agent may have spoken with a person, and no disposition with a meaning tells whom or how it ended."""
    undecided = (pl.col("party") == "unknown") & (~disposed() | unmapped())
    return (human_with_agent() | possibly_human_with_agent()) & undecided


def conversation() -> pl.Expr:
    """An agent talked with the right person for a minute or longer."""
    return right_party() & _long()


def possibly_conversation() -> pl.Expr:
    """The call was long enough for a conversation, and may have been one."""
    return possibly_right_party() & _long().fill_null(value=False)


def goal() -> pl.Expr:
    """The call reached the goal of the report: a sale, unless the report names another goal."""
    return pl.col("goal")


def appointment() -> pl.Expr:
    """The call's current disposition is an appointment."""
    return pl.col("result") == "appointment"


def ended() -> pl.Expr:
    """The call is over."""
    return ~pl.col("open")


def undisposed() -> pl.Expr:
    """The call is over and has no disposition."""
    return ended() & ~disposed()


def disposed() -> pl.Expr:
    """The call has a disposition, even if its code has no meaning yet."""
    return pl.col("disposition").is_not_null()


def unmapped() -> pl.Expr:
    """The call's disposition is a code that has no meaning yet."""
    return pl.col("result") == "unmapped"


def customer_talk_ms() -> pl.Expr:
    """How long agent and customer talked: talk time without the seconds after the customer hung up."""
    return (pl.col("talk_ms") - pl.col("dead_ms").fill_null(0)).clip(lower_bound=0)


def talked() -> pl.Expr:
    """An agent talked on an answered call, not with a known machine, and the length of the talk is known."""
    return agent_on_the_line() & customer_talk_ms().is_not_null()


def _long() -> pl.Expr:
    return pl.col("talk_ms") >= CONVERSATION_MS
