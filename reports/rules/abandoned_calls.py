"""Dropped calls: a person picked up, and nobody was there for them within two seconds.

The rules of both jurisdictions count the same drops and differ in what they divide them by; see the metrics of the
drop rate. Two seconds are counted from the answer, as senders do not tell when a greeting ended: that is the stricter
reading.
"""

import polars as pl

from reports.measures.bounded_ratio import BoundedRatio
from reports.rules.call_populations import answered, answerer_unknown, ended, human, human_with_agent

PATIENCE = pl.duration(seconds=2)

# The share of answered calls that the rule of the United States allows to be dropped.
US_LIMIT = 0.03


def left_alone() -> pl.Expr:
    """We hung up on whoever answered, or nobody joined within two seconds; who hung up sooner was not dropped."""
    joined_late = pl.col("agent_joined_at") - pl.col("answered_at") > PATIENCE
    gave_up = (pl.col("handled") == "abandoned_by_callee") & pl.col("agent_joined_at").is_null()
    gave_up_late = gave_up & (pl.col("ended_at") - pl.col("answered_at") > PATIENCE)
    by_us = pl.col("handled") == "abandoned_by_us"
    return by_us | joined_late.fill_null(value=False) | gave_up_late.fill_null(value=False)


def dropped() -> pl.Expr:
    """A person was left alone, or was hung up on by us before anybody knew who had answered."""
    return person_left_alone() | (answerer_unknown() & (pl.col("handled") == "abandoned_by_us"))


def person_left_alone() -> pl.Expr:
    """Somebody who is known to be a person was left alone."""
    return human() & left_alone()


def perhaps_dropped() -> pl.Expr:
    """Whoever is not known to be a machine and was not certainly met by an agent in time."""
    handled = pl.col("handled").cast(pl.String)
    untold = ended() & handled.is_in(["none", "ivr_only"])
    return (human() | answerer_unknown()) & (left_alone() | untold)


def person() -> pl.Expr:
    """A person answered, those among them whom we dropped before anybody knew."""
    return human() | dropped()


def met_in_time() -> pl.Expr:
    """An agent was there for a person within two seconds, as far as is known."""
    return human_with_agent() & ~left_alone()


def met_answerer_unknown() -> pl.Expr:
    """An agent was there in time, for nobody knows whom."""
    return answerer_unknown() & (pl.col("handled") == "agent") & ~left_alone()


def machine_with_agent() -> pl.Expr:
    """An answering machine reached an agent."""
    return answered() & (pl.col("answered_by") == "machine") & (pl.col("handled") == "agent")


def us_rate() -> BoundedRatio:
    """Drops over answers by persons; the range is over what nobody knows of who answered, and of who was there."""
    return BoundedRatio(
        numerator=dropped(),
        denominator=person(),
        least=(person_left_alone(), human() | met_answerer_unknown()),
        most=(perhaps_dropped(), human() | perhaps_dropped()),
        basis=person(),
    )


def uk_rate() -> BoundedRatio:
    """Drops, less those that will have hit machines, over persons.

    The formula takes as many machines among the drops as among the calls that agents took: am = machines / (persons +
    machines), d' = d (1 - am), rate = d' / (persons + d'). Written out, that is d / (d + persons + machines), with
    whole calls above and below the line.
    """
    met = met_in_time() | machine_with_agent()
    return BoundedRatio(
        numerator=dropped(),
        denominator=dropped() | met,
        least=(person_left_alone(), person_left_alone() | met | met_answerer_unknown()),
        most=(perhaps_dropped(), perhaps_dropped() | met),
        basis=met_in_time(),
    )
