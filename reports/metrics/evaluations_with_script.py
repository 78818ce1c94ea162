"""How many evaluations rated the script: the cases behind script_adherence.

Population: evaluations outside of calibration sessions with an item of the script that applies and has points.
Edge cases: by section or item, only evaluations with such an item in that section or of that kind count.
"""

from reports.facts.evaluated_items import EVALUATED_ITEMS, in_script
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="evaluations_with_script",
    title="Evaluations of the script",
    version=1,
    unit="count",
    better="neutral",
    formula="distinct evaluations with an item of the script that has points",
    frame=EVALUATED_ITEMS,
    measure=Count(where=in_script(), of="external_id"),
)
