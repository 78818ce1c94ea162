"""How many evaluations gave points: the cases behind qa_score and contact_quality.

Population: evaluations outside of calibration sessions with an item that applies and has points.
Edge cases: by section or item, only evaluations with points for that section or item count.
"""

from reports.facts.evaluated_items import EVALUATED_ITEMS, for_agents
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="evaluations_with_points",
    title="Evaluations with points",
    version=1,
    unit="count",
    better="neutral",
    formula="distinct evaluations with an item that has points",
    frame=EVALUATED_ITEMS,
    measure=Count(where=for_agents(), of="external_id"),
)
