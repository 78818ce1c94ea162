"""How many incoming calls are not over, as far as is known.

Population: offered calls without an answer, an end or another outcome by the moment of the report.
Edge cases: a call from long ago that is still open has lost its end. Look at the dialer if there are many.
"""

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.inbound.outcomes import has_outcome

METRIC = Metric(
    name="waiting_calls",
    title="Calls still open",
    version=1,
    unit="count",
    better="neutral",
    formula="offered calls without an outcome yet",
    frame=INBOUND_CALLS,
    measure=Count(where=has_outcome("open")),
)
