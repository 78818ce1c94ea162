"""How many incoming calls an agent answered.

Population: offered calls that an agent answered.
Edge cases: a call that was answered and then transferred counts once. A call that was answered counts as answered, even
if the caller hung up in a second queue; abandonment_rate counts each wait.
"""

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.inbound.outcomes import answered

METRIC = Metric(
    name="answered_calls",
    title="Calls answered",
    version=1,
    unit="count",
    better="higher",
    formula="offered calls with the outcome answered",
    frame=INBOUND_CALLS,
    measure=Count(where=answered()),
)
