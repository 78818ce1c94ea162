"""How many handled calls have a known hold time: the cases behind avg_inbound_hold.

Population: handled_calls with a reported hold; 0 seconds are known, too.
Edge cases: a call with several agents counts once in the total, and for each of them with a known hold.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS, handled
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="calls_with_hold",
    title="Calls with known hold",
    version=1,
    unit="count",
    better="neutral",
    formula="distinct handled calls with a known hold",
    frame=INBOUND_TALKS,
    measure=Count(where=handled() & pl.col("hold_ms").is_not_null(), of="call"),
)
