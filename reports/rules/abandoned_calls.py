"""Dropped calls: a person picked up, and no agent was there for them within two seconds.

The rules of both jurisdictions count the same drops and divide them by different calls; see the drop rate metrics. The
two seconds start at the answer, because senders do not report when a greeting ended. That is the stricter reading.
"""

import polars as pl

from reports.measures.bounded_ratio import BoundedRatio
from reports.rules.call_populations import answered, answerer_unknown, ended, human, human_with_agent

JOIN_WITHIN = pl.duration(seconds=2)

# The share of answered calls that the rule of the United States allows to be dropped.
US_LIMIT = 0.03


def abandoned() -> pl.Expr:
    """We hung up on the callee, or no agent joined within two seconds; a callee who hung up sooner was not dropped."""
    joined_late = pl.col("agent_joined_at") - pl.col("answered_at") > JOIN_WITHIN
    gave_up = (pl.col("handled") == "abandoned_by_callee") & pl.col("agent_joined_at").is_null()
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
    no_agent_known = ended() & handled.is_in(["none", "ivr_only"])
    return (human() | answerer_unknown()) & (abandoned() | no_agent_known)


def person() -> pl.Expr:
    """A person answered, including those we dropped before that was known."""
    return human() | dropped()


def met_in_time() -> pl.Expr:
    """An agent joined a person within two seconds, as far as is known."""
    return human_with_agent() & ~abandoned()


def unknown_met_in_time() -> pl.Expr:
    """An agent joined an unknown answerer in time."""
    return answerer_unknown() & (pl.col("handled") == "agent") & ~abandoned()


def machine_with_agent() -> pl.Expr:
    """An answering machine reached an agent."""
    return answered() & (pl.col("answered_by") == "machine") & (pl.col("handled") == "agent")


def us_rate() -> BoundedRatio:
    """Drops over answers by persons; the range covers unknown answerers, and calls without a known agent."""
    return BoundedRatio(
        numerator=dropped(),
        denominator=person(),
        least=(person_abandoned(), human() | unknown_met_in_time()),
        most=(possibly_dropped(), human() | possibly_dropped()),
        basis=person(),
    )


def uk_rate() -> BoundedRatio:
    """Drops, less those that probably hit machines, over persons.

    The formula assumes the same share of machines among the drops as among the calls of agents.
    It is: am = machines / (persons + machines), d' = d (1 - am), rate = d' / (persons + d').
    Written out, that is d / (d + persons + machines), with whole calls in the numerator and the denominator.
    """
    met = met_in_time() | machine_with_agent()
    return BoundedRatio(
        numerator=dropped(),
        denominator=dropped() | met,
        least=(person_abandoned(), person_abandoned() | met | unknown_met_in_time()),
        most=(possibly_dropped(), possibly_dropped() | met),
        basis=met_in_time(),
    )
