"""Share of evaluations that failed as a whole.

Population: evaluations that count for agents.
Edge cases: an evaluation fails by no points for an auto-fail item, or when its evaluator says so.
"""

import polars as pl

from reports.facts.evaluations import EVALUATIONS, for_agents
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="auto_fail_rate",
    title="Auto-fail rate",
    version=1,
    unit="ratio",
    better="lower",
    formula="failed evaluations / evaluations",
    frame=EVALUATIONS,
    measure=Ratio(numerator=pl.col("failed"), denominator=for_agents()),
)
