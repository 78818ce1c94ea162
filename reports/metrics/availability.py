"""Share of their logged-in time that agents were ready for the next call.

Population: ready_hours over agent_hours: time waiting over all the time logged in, calls and breaks included.
Edge cases: a busy agent is ready for little of the time, so compare teams with the same work. As in occupancy, the
hours are known and there is no interval.
"""

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS
from reports.measures.metric import Derived, Metric
from reports.metrics.agent_hours import METRIC as AGENT_HOURS
from reports.metrics.ready_hours import METRIC as READY_HOURS

METRIC = Metric(
    name="availability",
    title="Availability",
    version=1,
    unit="ratio",
    better="neutral",
    formula="ready_hours / agent_hours: waiting / all but offline",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    measure=Derived(numerators=(READY_HOURS,), denominators=(AGENT_HOURS,)),
)
