"""Marketing cost of each new customer.

Population: marketing_cost of the window, over attributed_customers of the window.
Edge cases: empty where no goal was credited or no cost is known; 0 only where a reported cost is 0. A goal is often
paid for before the window it falls in: choose windows that are long compared with the sales cycle. Only marketing is
included: a fully loaded cost has salaries and tools as well.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.attributed_customers import METRIC as CUSTOMERS
from reports.metrics.marketing_cost import METRIC as COST

METRIC = Metric(
    name="cac",
    title="Customer acquisition cost",
    version=1,
    unit="money",
    better="lower",
    formula="marketing cost / attributed customers",
    per_model=True,
    measure=Derived(numerators=(COST,), denominators=(CUSTOMERS,)),
)
