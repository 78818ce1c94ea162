"""Running cost of each conversation with the right party.

Population: running_cost of the window over contacts of the window. Overhead is included.
Edge cases: as in cost_per_call. cost_per_contact is another number: the marketing cost of a first conversation.
"""

from reports.facts.running_costs import OF_CALLS
from reports.measures.metric import Derived, Metric
from reports.metrics.contacts import METRIC as CONTACTS
from reports.metrics.running_cost import METRIC as RUNNING_COST

METRIC = Metric(
    name="running_cost_per_contact",
    title="Running cost per contact",
    version=1,
    unit="money",
    better="lower",
    formula="running_cost / contacts",
    measure=Derived(numerators=(RUNNING_COST,), denominators=(CONTACTS,), incompatible_dimensions=OF_CALLS),
)
