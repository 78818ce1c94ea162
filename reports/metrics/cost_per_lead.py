"""How much was spent on marketing for each time it brought a lead.

Population: marketing_cost of the window, over attributed_leads of the window.
Edge cases: null where nothing was credited or no cost is known; 0 only where somebody said that it cost nothing. What
is reached in a window was often paid for before it: take windows that are long against the sales cycle.
"""

from reports.facts.spend import SPEND_DIMENSIONS
from reports.measures.composites import Derived
from reports.measures.metric import Metric
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
    dimensions=SPEND_DIMENSIONS,
    measure=Derived(numerators=(COST,), denominators=(LEADS,)),
)
