"""How many calls an agent has on a day of work, on average.

Population: attempts with an agent, over the days on which agents were logged in.
Edge cases: a short day counts as a day; attempts_per_hour does not depend on the length of days. Calls that no agent
joined are on neither side. The interval is that of the calls, because the days are known. Agent time has no source,
campaign or tracking number. By any of these the metric is empty; only the total has a value.
"""

from reports.facts.agent_time import NOWHERE
from reports.measures.metric import Derived, Metric
from reports.metrics.agent_days import METRIC as AGENT_DAYS
from reports.metrics.attempts_of_agents import METRIC as ATTEMPTS_OF_AGENTS

METRIC = Metric(
    name="attempts_per_day",
    title="Attempts a day",
    version=1,
    unit="attempts",
    better="neutral",
    formula="attempts_of_agents / agent_days",
    measure=Derived(numerators=(ATTEMPTS_OF_AGENTS,), denominators=(AGENT_DAYS,), incompatible_dimensions=NOWHERE),
)
