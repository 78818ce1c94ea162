"""How many incoming calls agents handled.

Population: answered calls with a known talk time, each counted once.
Edge cases: a call with several agents counts for each of them, and once in the total. Answered calls of unknown length
are counted beside the report.
"""

from reports.facts.inbound_talks import INBOUND_TALKS, handled
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="handled_calls",
    title="Calls handled",
    version=1,
    unit="count",
    better="higher",
    formula="distinct answered calls with a known handle time",
    frame=INBOUND_TALKS,
    measure=Count(where=handled(), of="call"),
)
