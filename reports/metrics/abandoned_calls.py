"""How many callers hung up before an agent answered.

Population: offered calls that the caller ended before an agent answered and before a voicemail.
Edge cases: callers who gave up at once count too; short_abandoned_calls shows them apart. A caller who chose a callback
did not abandon the call. An outbound call without an agent is no abandoned call; see dropped_calls.
"""

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.inbound.outcomes import abandoned

METRIC = Metric(
    name="abandoned_calls",
    title="Calls abandoned",
    version=1,
    unit="count",
    better="lower",
    formula="offered calls with the outcome abandoned",
    frame=INBOUND_CALLS,
    measure=Count(where=abandoned()),
)
