"""Share of all callers who got an agent within 20 seconds; every caller who hung up counts against.

Population: waits of offered calls, each in the period in which the caller entered the queue. All waits that are over
count, and those over 20 seconds (mode negative).
Edge cases: also callers who hung up after one second count against the number. Four published modes treat callers who
hang up differently: service_level, service_level_answered_only, service_level_negative and service_level_positive.
"""

from reports.facts.queue_waits import QUEUE_WAITS, answered_within, over
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.model.answer_time import USUAL

METRIC = Metric(
    name="service_level_negative",
    title="Service level (20 s, hang-ups missed)",
    version=1,
    unit="ratio",
    better="higher",
    formula="answered within 20 s / all waits",
    answer_time=USUAL,
    frame=QUEUE_WAITS,
    measure=Ratio(numerator=answered_within(), denominator=over()),
)
