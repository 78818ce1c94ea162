"""How many calls the team tried to make.

Population: every attempt started in the window. A retry is another attempt. Test calls are excluded. Calls cancelled
before they rang, calls blocked by us and calls still open are included.
Edge cases: a call that the dialer only previewed and never placed is no attempt, and must not be sent as one.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import attempted

METRIC = Metric(
    name="attempts",
    title="Attempts",
    version=1,
    unit="attempts",
    better="neutral",
    formula="A: outbound attempts started in the window",
    frame=ATTEMPTS,
    measure=Count(where=attempted()),
)
