"""Dropped calls: a person picked up, and no agent was there for them within two seconds.

The rules of both jurisdictions count the same drops and divide them by different calls; see the drop rate metrics. The
two seconds start at the answer, because senders do not report when a greeting ended. That is the stricter reading.
"""

import polars as pl

from reports.measures.bounded_ratio import BoundedRatio
from reports.rules.call_populations import answered, answerer_unknown, ended, handler_unknown, human, human_with_agent

JOIN_WITHIN = pl.duration(seconds=2)

# The share of answered calls that the rule of the United States allows to be dropped.
US_LIMIT = 0.03


def abandoned() -> pl.Expr:
    """We hung up on the callee, or no agent joined within two seconds; a callee who hung up sooner was not dropped.

    Nobody handled the call only if that was reported. Where nothing tells who did, an agent may have.
    """
    joined_late = pl.col("agent_joined_at") - pl.col("answered_at") > JOIN_WITHIN
    nobody = (pl.col("handled") == "abandoned_by_callee") | (pl.col("handled") == "none")
    gave_up = nobody & pl.col("agent_joined_at").is_null()
    gave_up_late = gave_up & (pl.col("ended_at") - pl.col("answered_at") > JOIN_WITHIN)
    by_us = pl.col("handled") == "abandoned_by_us"
    return by_us | joined_late.fill_null(value=False) | gave_up_late.fill_null(value=False)


def dropped() -> pl.Expr:
    """A person was abandoned, or we hung up before the answerer was known."""
    return person_abandoned() | (answerer_unknown() & (pl.col("handled") == "abandoned_by_us"))


def person_abandoned() -> pl.Expr:
    """A known person was abandoned."""
    return human() & abandoned()


def possibly_dropped() -> pl.Expr:
    """The answerer may be a person, and no agent is known to have joined in time."""
    handled = pl.col("handled").cast(pl.String)
    no_agent_known = ended() & handled.is_in(["unknown", "none", "ivr_only"])
    return (human() | answerer_unknown()) & (abandoned() | no_agent_known)


def person() -> pl.Expr:
    """A person answered, including those we dropped before that was known."""
    return human() | dropped()


def met_in_time() -> pl.Expr:
    """An agent joined a person within two seconds, as far as is known."""
    return human_with_agent() & ~abandoned()


def possibly_met_in_time() -> pl.Expr:
    """An agent may have joined a person in time: nothing tells who answered, or nothing tells who handled the call."""
    with_agent = answerer_unknown() & (pl.col("handled") == "agent")
    return (with_agent | ((answerer_unknown() | human()) & handler_unknown())) & ~abandoned()


def machine_with_agent() -> pl.Expr:
    """An answering machine reached an agent."""
    return _machine() & (pl.col("handled") == "agent")


def doubtful() -> pl.Expr:
    """The call may be a drop, or may be a person met in time, and nothing tells which."""
    return (possibly_dropped() | possibly_met_in_time()) & ~dropped()


def us_rate() -> BoundedRatio:
    """Drops over answers by persons; the range covers unknown answerers, and calls without a known agent.

    A call that nothing tells the handler of is never counted as met: it is possibly a drop.
    """
    return BoundedRatio(
        numerator=dropped(),
        denominator=person(),
        least=(person_abandoned(), human() | possibly_met_in_time()),
        most=(possibly_dropped(), human() | possibly_dropped()),
        doubtful=doubtful(),
        basis=person(),
    )


def uk_rate() -> BoundedRatio:
    """Drops, less those that probably hit machines, over persons.

    The formula assumes the same share of machines among the drops as among the calls of agents.
    It is: am = machines / (persons + machines), d' = d (1 - am), rate = d' / (persons + d').
    Written out, that is d / (d + persons + machines), with whole calls in the numerator and the denominator.
    """
    met = met_in_time() | machine_with_agent()
    possibly_met = met | possibly_met_in_time() | (_machine() & handler_unknown())
    return BoundedRatio(
        numerator=dropped(),
        denominator=dropped() | met,
        least=(person_abandoned(), person_abandoned() | possibly_met),
        most=(possibly_dropped(), possibly_dropped() | met),
        doubtful=doubtful(),
        basis=met_in_time(),
    )


def _machine() -> pl.Expr:
    return answered() & (pl.col("answered_by") == "machine")
