"""Which part of the time agents were available they had a call in hand.

Population: time agents spent dialing, talking, holding or wrapping up, over that time and the time they waited for a
call. Wall clock: a second never counts twice. Breaks are in neither; what part of the day went into calls, breaks
counted, is utilization. The two are often mixed up, so look at what a number from elsewhere was divided by.
Edge cases: the hours are known and not a sample, so that there is no interval. Over 90 % for long wears people out,
under 75 % leaves them idle. Time has no source: by source the number stands in the row without one.
"""

from reports.facts.attempts import CODES_OF_A_CALL, TIMES
from reports.measures.composites import Derived
from reports.measures.metric import Metric
from reports.metrics.available_hours import METRIC as AVAILABLE_HOURS
from reports.metrics.busy_hours import METRIC as BUSY_HOURS

METRIC = Metric(
    name="occupancy",
    title="Occupancy",
    version=1,
    unit="ratio",
    better="band",
    band=(0.75, 0.9),
    formula="busy_hours / available_hours: dialing + talking + holding + wrapping / that + waiting",
    dimensions=(*CODES_OF_A_CALL, *TIMES),
    measure=Derived(numerators=(BUSY_HOURS,), denominators=(AVAILABLE_HOURS,)),
)
