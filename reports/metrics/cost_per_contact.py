"""Marketing cost of each first conversation with a lead's right party.

Population: marketing_cost of the window, over attributed_contacts of the window.
Edge cases: empty where no goal was credited or no cost is known; 0 only where a reported cost is 0. A goal is often
paid for before the window it falls in: choose windows that are long compared with the sales cycle.
"""

from reports.measures.metric import Derived, Metric
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
    measure=Derived(numerators=(COST,), denominators=(CONTACTS,)),
)
