"""How many times an agent speaks with the right person in an hour of work, on average.

Population: right-party contacts (an agent spoke with the person the call was meant for), over available_hours. Agents
are available while waiting, dialing, talking, holding or wrapping up. Breaks and offline time are not among these
hours.
Edge cases: the interval is that of the count (Poisson), because the hours are known. Calls without an agent count in
the total, although they used no agent's hours. Agent time has no source, campaign or tracking number. By any of these
the metric is empty; only the total has a value. It is also empty where no agent states were sent. Its range is that of
contacts; it cannot be told when no contact is known while some are possible, or when most are only possible.
"""

from reports.facts.agent_time import NOWHERE
from reports.measures.metric import Derived, Metric
from reports.metrics.available_hours import METRIC as AVAILABLE_HOURS
from reports.metrics.contacts import METRIC as CONTACTS

METRIC = Metric(
    name="contacts_per_hour",
    title="Contacts per hour",
    version=3,
    unit="per_hour",
    better="higher",
    formula="contacts / available_hours",
    measure=Derived(numerators=(CONTACTS,), denominators=(AVAILABLE_HOURS,), incompatible_dimensions=NOWHERE),
)
