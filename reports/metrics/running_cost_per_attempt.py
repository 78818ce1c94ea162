"""Running cost of each valid attempt.

Population: running_cost of the window over valid_attempts of the window. Overhead is included.
Edge cases: as in cost_per_call; a predictive dialer makes many attempts and lowers it.
"""

from reports.facts.running_costs import OF_CALLS
from reports.measures.metric import Derived, Metric
from reports.metrics.running_cost import METRIC as RUNNING_COST
from reports.metrics.valid_attempts import METRIC as VALID_ATTEMPTS

METRIC = Metric(
    name="running_cost_per_attempt",
    title="Running cost per attempt",
    version=1,
    unit="money",
    better="lower",
    formula="running_cost / valid_attempts",
    measure=Derived(numerators=(RUNNING_COST,), denominators=(VALID_ATTEMPTS,), incompatible_dimensions=OF_CALLS),
)
