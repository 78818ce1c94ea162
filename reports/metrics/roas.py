"""Revenue credited to each unit of money spent on marketing.

Population: attributed_revenue of the window, over marketing_cost of the window.
Edge cases: empty where nothing was spent or no deal was won. It is revenue, not profit: a return above 1 can still lose
money; see marketing_roi.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.attributed_revenue import METRIC as REVENUE
from reports.metrics.marketing_cost import METRIC as COST

METRIC = Metric(
    name="roas",
    title="Return on ad spend",
    version=1,
    unit="factor",
    better="higher",
    formula="attributed revenue / marketing cost",
    per_model=True,
    measure=Derived(numerators=(REVENUE,), denominators=(COST,)),
)
