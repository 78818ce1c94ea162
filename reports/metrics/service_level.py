"""Share of callers who got an agent within 20 seconds; callers who hung up sooner do not count.

Population: waits of offered calls, each in the period in which the caller entered the queue. The threshold is 20
seconds, which counts as in time. A caller who hung up within it gave no chance to answer and is left out (mode
neutral_short). Every caller who waited longer counts.
Edge cases: a caller who still waits after 20 seconds already counts as late. So does a voicemail, a callback or a move
to another queue after 20 seconds; before that, it is left out. Four published modes treat callers who hang up
differently: service_level, service_level_answered_only, service_level_negative and service_level_positive.
"""

from reports.facts.queue_waits import QUEUE_WAITS, answered_within, late
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.model.answer_time import USUAL

METRIC = Metric(
    name="service_level",
    title="Service level (20 s, early hang-ups left out)",
    version=1,
    unit="ratio",
    better="higher",
    formula="answered within 20 s / (answered within 20 s + waits over 20 s)",
    answer_time=USUAL,
    frame=QUEUE_WAITS,
    measure=Ratio(numerator=answered_within(), denominator=answered_within() | late()),
)
