"""Share of answered callers who waited 20 seconds at most.

Population: waits of offered calls, each in the period in which the caller entered the queue. Only answered waits count
(mode answered_only).
Edge cases: callers who hung up do not count at all, so the number looks good when many give up. Four published modes
treat callers who hang up differently: service_level, service_level_answered_only, service_level_negative and
service_level_positive.
"""

from reports.facts.queue_waits import QUEUE_WAITS, answered, answered_within
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.model.answer_time import USUAL

METRIC = Metric(
    name="service_level_answered_only",
    title="Service level (20 s, answered calls only)",
    version=1,
    unit="ratio",
    better="higher",
    formula="answered within 20 s / answered",
    answer_time=USUAL,
    frame=QUEUE_WAITS,
    measure=Ratio(numerator=answered_within(), denominator=answered()),
)
