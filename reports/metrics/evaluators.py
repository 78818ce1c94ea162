"""How many evaluators made the evaluations: a score by one evaluator may be the evaluator's own taste.

Population: evaluators of the evaluations that count for agents.
Edge cases: evaluators in calibration sessions alone are not included.
"""

from reports.facts.evaluations import EVALUATIONS, for_agents
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="evaluators",
    title="Evaluators",
    version=1,
    unit="count",
    better="neutral",
    formula="distinct evaluators",
    frame=EVALUATIONS,
    measure=Count(where=for_agents(), of="rater"),
)
