"""How many calls an agent starts in an hour of work, on average.

Population: attempts started in the window, over the hours that agents were available: waiting, dialing, talking,
holding or wrapping up. Breaks and offline time are not among these hours.
Edge cases: the interval is that of the count (Poisson), because the hours are known. Calls without an agent count in
the total, although they used no agent's hours. Agent time has no source, campaign or tracking number. By any of these
the metric is empty; only the total has a value. It is also empty where no agent states were sent.
"""

from reports.facts.agent_time import NOWHERE
from reports.measures.metric import Derived, Metric
from reports.metrics.attempts import METRIC as ATTEMPTS
from reports.metrics.available_hours import METRIC as AVAILABLE_HOURS

METRIC = Metric(
    name="attempts_per_hour",
    title="Attempts per hour",
    version=1,
    unit="per_hour",
    better="neutral",
    formula="attempts / available_hours",
    measure=Derived(numerators=(ATTEMPTS,), denominators=(AVAILABLE_HOURS,), incompatible_dimensions=NOWHERE),
)
