"""How many handled calls have a known time of after-call work: the cases behind avg_inbound_wrap.

Population: handled_calls with a reported after-call work; 0 seconds are known, too.
Edge cases: a call with several agents counts for each of them, and once in the total.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS, handled
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="calls_with_wrap",
    title="Calls with known after-call work",
    version=1,
    unit="count",
    better="neutral",
    formula="distinct handled calls with a known after-call work",
    frame=INBOUND_TALKS,
    measure=Count(where=handled() & pl.col("wrap_known"), of="call"),
)
