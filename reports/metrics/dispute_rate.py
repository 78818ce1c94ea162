"""Share of evaluations that agents objected to.

Population: evaluations that count for agents, however the objection ended.
Edge cases: a voided evaluation counts nowhere, so its objection does not count either.
"""

import polars as pl

from reports.facts.evaluations import EVALUATIONS, for_agents
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="dispute_rate",
    title="Dispute rate",
    version=1,
    unit="ratio",
    better="lower",
    formula="disputed evaluations / evaluations",
    frame=EVALUATIONS,
    measure=Ratio(numerator=pl.col("disputed"), denominator=for_agents()),
)
