"""How much was spent on marketing for each time it brought a first conversation with a lead's right party.

Population: marketing_cost of the window, over attributed_contacts of the window.
Edge cases: null where nothing was credited or no cost is known; 0 only where somebody said that it cost nothing. What
is reached in a window was often paid for before it: take windows that are long against the sales cycle.
"""

from reports.facts.spend import SPEND_DIMENSIONS
from reports.measures.composites import Derived
from reports.measures.metric import Metric
from reports.metrics.attributed_contacts import METRIC as CONTACTS
from reports.metrics.marketing_cost import METRIC as COST

METRIC = Metric(
    name="cost_per_contact",
    title="Cost per contact",
    version=1,
    unit="money",
    better="lower",
    formula="marketing cost / attributed contacts",
    per_model=True,
    dimensions=SPEND_DIMENSIONS,
    measure=Derived(numerators=(COST,), denominators=(CONTACTS,)),
)
