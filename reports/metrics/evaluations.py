"""How many evaluations of calls count for agents.

Population: evaluations by when they were made, outside of calibration sessions.
Edge cases: an evaluation counts with or without points. Voided evaluations and those of test calls are excluded.
"""

from reports.facts.evaluations import EVALUATIONS, for_agents
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="evaluations",
    title="Evaluations",
    version=1,
    unit="count",
    better="neutral",
    formula="evaluations outside of calibration sessions",
    frame=EVALUATIONS,
    measure=Count(where=for_agents()),
)
