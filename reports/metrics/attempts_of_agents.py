"""Calls that had an agent, sooner or later.

Population: attempts started in the window with an agent: the one on the call, or who set the disposition.
Edge cases: a dialer rings for a team, and an agent joins once a person answers. Calls that no agent joined are not
included.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="attempts_of_agents",
    title="Attempts of agents",
    version=1,
    unit="count",
    better="neutral",
    formula="attempts with an agent",
    frame=ATTEMPTS,
    measure=Count(where=pl.col("agent").is_not_null()),
)
