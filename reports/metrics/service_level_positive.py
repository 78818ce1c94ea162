"""Share of all callers who got an agent or hung up within 20 seconds.

Population: waits of offered calls, each in the period in which the caller entered the queue. All waits that are over
count, and those over 20 seconds. A caller who hung up within 20 seconds counts as served (mode positive).
Edge cases: some systems publish this mode as their service level; it rises when callers give up early. Four published
modes treat callers who hang up differently: service_level, service_level_answered_only, service_level_negative and
service_level_positive.
"""

from reports.facts.queue_waits import QUEUE_WAITS, abandoned_within, answered_within, over
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.model.answer_time import USUAL

METRIC = Metric(
    name="service_level_positive",
    title="Service level (20 s, early hang-ups served)",
    version=1,
    unit="ratio",
    better="higher",
    formula="(answered + abandoned within 20 s) / all waits",
    answer_time=USUAL,
    frame=QUEUE_WAITS,
    measure=Ratio(numerator=answered_within() | abandoned_within(), denominator=over()),
)
