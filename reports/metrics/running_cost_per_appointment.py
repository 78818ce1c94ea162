"""Running cost of each appointment that a call reached.

Population: running_cost of the window over appointments of the window. Overhead is included.
Edge cases: as in cost_per_call. cost_per_appointment is another number: the marketing cost.
"""

from reports.facts.running_costs import OF_CALLS
from reports.measures.metric import Derived, Metric
from reports.metrics.appointments import METRIC as APPOINTMENTS
from reports.metrics.running_cost import METRIC as RUNNING_COST

METRIC = Metric(
    name="running_cost_per_appointment",
    title="Running cost per appointment",
    version=1,
    unit="money",
    better="lower",
    formula="running_cost / appointments",
    measure=Derived(numerators=(RUNNING_COST,), denominators=(APPOINTMENTS,), incompatible_dimensions=OF_CALLS),
)
