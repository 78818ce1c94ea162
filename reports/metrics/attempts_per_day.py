"""How many calls an agent starts on a day of work, on average.

Population: attempts started in the window, over the days on which agents were logged in.
Edge cases: a short day counts as a day; attempts_per_hour does not depend on the length of days. Calls without an agent
count in the total, although no agent has their days. Agent time has no source, campaign or tracking number. By any of
these the metric is empty; only the total has a value.
"""

from reports.facts.agent_time import NOWHERE
from reports.measures.metric import Derived, Metric
from reports.metrics.agent_days import METRIC as AGENT_DAYS
from reports.metrics.attempts import METRIC as ATTEMPTS

METRIC = Metric(
    name="attempts_per_day",
    title="Attempts a day",
    version=1,
    unit="attempts",
    better="neutral",
    formula="attempts / agent_days",
    measure=Derived(numerators=(ATTEMPTS,), denominators=(AGENT_DAYS,), incompatible_dimensions=NOWHERE),
)
