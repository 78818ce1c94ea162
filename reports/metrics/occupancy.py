"""Share of their available time that agents had a call in hand.

Population: time agents spent dialing, talking, holding or wrapping up, over that time and the time they waited for a
call. Wall-clock time: a second never counts twice. Breaks are on neither side; utilization includes them. The two are
often confused, so check the denominator of any number from elsewhere.
Edge cases: the hours are known and not a sample, so there is no interval. Over 90% for long exhausts people; under 75
% leaves them idle. Agent time has no source: by source the number is in the row without one.
"""

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS
from reports.measures.metric import Derived, Metric
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
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    measure=Derived(numerators=(BUSY_HOURS,), denominators=(AVAILABLE_HOURS,)),
)
