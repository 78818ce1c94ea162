"""Running cost of each sale that a call reached.

Population: running_cost of the window over sales of the window. Overhead is included.
Edge cases: as in cost_per_call. cost_per_sale is another number: the marketing cost.
"""

from reports.facts.running_costs import OF_CALLS
from reports.measures.metric import Derived, Metric
from reports.metrics.running_cost import METRIC as RUNNING_COST
from reports.metrics.sales import METRIC as SALES

METRIC = Metric(
    name="running_cost_per_sale",
    title="Running cost per sale",
    version=1,
    unit="money",
    better="lower",
    formula="running_cost / sales",
    measure=Derived(numerators=(RUNNING_COST,), denominators=(SALES,), incompatible_dimensions=OF_CALLS),
)
