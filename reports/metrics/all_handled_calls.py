"""How many calls agents handled, in both directions.

Population: handled_attempts, which agents made, and answered_calls, which came in.
Edge cases: as in these two. A call counts once, however many agents took part. Range: that of handled_attempts.
"""

from reports.measures.metric import Metric, Total
from reports.metrics.answered_calls import METRIC as ANSWERED_CALLS
from reports.metrics.handled_attempts import METRIC as HANDLED_ATTEMPTS

METRIC = Metric(
    name="all_handled_calls",
    title="Calls handled in both directions",
    version=1,
    unit="count",
    better="neutral",
    formula="handled_attempts + answered_calls",
    measure=Total(components=(HANDLED_ATTEMPTS, ANSWERED_CALLS)),
)
