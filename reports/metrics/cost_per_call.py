"""Running cost of each call that an agent handled, in either direction.

Population: running_cost of the window over all_handled_calls of the window. Overhead is included.
Edge cases: empty where no call was handled or no cost is known. Days without calls cost as well. Running costs have a
team, but no agent, campaign or source, so by these it is empty.
"""

from reports.facts.running_costs import OF_CALLS
from reports.measures.metric import Derived, Metric
from reports.metrics.all_handled_calls import METRIC as ALL_HANDLED_CALLS
from reports.metrics.running_cost import METRIC as RUNNING_COST

METRIC = Metric(
    name="cost_per_call",
    title="Cost per call",
    version=2,
    unit="money",
    better="lower",
    formula="running_cost / all_handled_calls",
    measure=Derived(numerators=(RUNNING_COST,), denominators=(ALL_HANDLED_CALLS,), incompatible_dimensions=OF_CALLS),
)
