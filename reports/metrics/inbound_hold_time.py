"""How much time agents had callers on hold in all.

Population: as in handle_time.
Edge cases: with the other parts it adds up to handle_time.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS, handled
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="inbound_hold_time",
    title="Hold time of callers",
    version=1,
    unit="s",
    better="neutral",
    formula="sum(hold) of handled calls",
    frame=INBOUND_TALKS,
    measure=Sum(value=pl.col("hold_ms"), where=handled(), per=1000, by_chance=True),
)
