"""Running cost of each minute that agents talked, held or wrapped up.

Population: running_cost of the window over handled_minutes of the window, in calls of both directions. Overhead is
included.
Edge cases: empty where no agent states or no costs are known. A low occupancy raises it: idle time costs as well.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.handled_minutes import METRIC as HANDLED_MINUTES
from reports.metrics.running_cost import METRIC as RUNNING_COST

METRIC = Metric(
    name="cost_per_handled_minute",
    title="Cost per handled minute",
    version=1,
    unit="money",
    better="lower",
    formula="running_cost / handled_minutes",
    measure=Derived(numerators=(RUNNING_COST,), denominators=(HANDLED_MINUTES,), incompatible_dimensions=("agent",)),
)
