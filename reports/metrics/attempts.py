"""How many calls the floor tried to make.

Population: every attempt started in the window. A retry is an attempt of its own; test calls are out; calls cancelled
before they rang and calls blocked by us are in, as are calls still open.
Edge cases: a call the dialer only previewed and never placed is no attempt, and must not be sent as one.
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
    better="higher",
    formula="A: outbound attempts started in the window",
    frame=ATTEMPTS,
    measure=Count(where=attempted()),
)
