"""Running cost of each call that an agent handled.

Population: running_cost of the window over handled_attempts of the window. Overhead is included.
Edge cases: empty where no call was handled or no cost is known. Days without calls cost as well. Running costs have a
team, but no agent, campaign or source, so by these it is empty. Inbound calls are not counted.
"""

from reports.facts.running_costs import OF_CALLS
from reports.measures.metric import Derived, Metric
from reports.metrics.handled_attempts import METRIC as HANDLED_ATTEMPTS
from reports.metrics.running_cost import METRIC as RUNNING_COST

METRIC = Metric(
    name="cost_per_call",
    title="Cost per call",
    version=1,
    unit="money",
    better="lower",
    formula="running_cost / handled_attempts",
    measure=Derived(numerators=(RUNNING_COST,), denominators=(HANDLED_ATTEMPTS,), incompatible_dimensions=OF_CALLS),
)
