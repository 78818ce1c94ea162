"""How many callers hung up within 5 seconds.

Population: abandoned calls with a wait of less than 5 seconds.
Edge cases: these callers hardly heard the call ring: many dialed a wrong number. A wait of exactly 5 seconds is not
short. Calls with an unknown wait do not count here.
"""

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.inbound.outcomes import abandoned, short_wait

METRIC = Metric(
    name="short_abandoned_calls",
    title="Calls abandoned within 5 seconds",
    version=1,
    unit="count",
    better="neutral",
    formula="abandoned calls with a wait < 5 s",
    frame=INBOUND_CALLS,
    measure=Count(where=abandoned() & short_wait()),
)
