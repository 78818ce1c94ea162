"""Running cost of each case that was resolved.

Population: running_cost of the window over resolved_cases of the window. Overhead is included, and so is the cost of
all other work.
Edge cases: empty where no case was resolved or no cost is known. A case counts in the period in which it was last
resolved, whenever it was opened. By agent, campaign or source it is empty, because running costs have none.
"""

from reports.facts.running_costs import OF_CALLS
from reports.measures.metric import Derived, Metric
from reports.metrics.resolved_cases import METRIC as RESOLVED_CASES
from reports.metrics.running_cost import METRIC as RUNNING_COST

METRIC = Metric(
    name="cost_per_resolution",
    title="Cost per resolution",
    version=1,
    unit="money",
    better="lower",
    formula="running_cost / resolved_cases",
    measure=Derived(numerators=(RUNNING_COST,), denominators=(RESOLVED_CASES,), incompatible_dimensions=OF_CALLS),
)
