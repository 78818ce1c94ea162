"""Marketing cost of each sale.

Population: marketing_cost of the window, over attributed_sales of the window.
Edge cases: empty where no goal was credited or no cost is known; 0 only where a reported cost is 0. A goal is often
paid for before the window it falls in: choose windows that are long compared with the sales cycle.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.attributed_sales import METRIC as SALES
from reports.metrics.marketing_cost import METRIC as COST

METRIC = Metric(
    name="cost_per_sale",
    title="Cost per sale",
    version=1,
    unit="money",
    better="lower",
    formula="marketing cost / attributed sales",
    per_model=True,
    measure=Derived(numerators=(COST,), denominators=(SALES,)),
)
