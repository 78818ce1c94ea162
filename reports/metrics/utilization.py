"""Share of their logged-in time that agents spent talking, holding or wrapping up.

Population: time agents spent talking, holding or wrapping up, over all the time they were logged in, breaks included.
Edge cases: scheduled_utilization has the hours of the schedule instead. Dialing and waiting are in the denominator
only. As in occupancy, there is no interval.
"""

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS
from reports.measures.metric import Derived, Metric
from reports.metrics.agent_hours import METRIC as AGENT_HOURS
from reports.metrics.handling_hours import METRIC as HANDLING_HOURS

METRIC = Metric(
    name="utilization",
    title="Utilization",
    version=1,
    unit="ratio",
    better="neutral",
    formula="handling_hours / agent_hours: talking + holding + wrapping / all but offline",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    measure=Derived(numerators=(HANDLING_HOURS,), denominators=(AGENT_HOURS,)),
)
