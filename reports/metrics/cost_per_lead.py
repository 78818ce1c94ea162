"""Marketing cost of each lead.

Population: marketing_cost of the window, over attributed_leads of the window.
Edge cases: empty where no goal was credited or no cost is known; 0 only where a reported cost is 0. A goal is often
paid for before the window it falls in: choose windows that are long compared with the sales cycle.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.attributed_leads import METRIC as LEADS
from reports.metrics.marketing_cost import METRIC as COST

METRIC = Metric(
    name="cost_per_lead",
    title="Cost per lead",
    version=1,
    unit="money",
    better="lower",
    formula="marketing cost / attributed leads",
    per_model=True,
    measure=Derived(numerators=(COST,), denominators=(LEADS,)),
)
