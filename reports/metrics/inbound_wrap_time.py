"""How much time agents spent on after-call work of incoming calls in all.

Population: as in handle_time.
Edge cases: with the other parts it adds up to handle_time.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS, handled
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="inbound_wrap_time",
    title="After-call work of inbound calls",
    version=1,
    unit="s",
    better="neutral",
    formula="sum(after-call work) of handled calls",
    frame=INBOUND_TALKS,
    measure=Sum(value=pl.col("wrap_ms"), where=handled(), per=1000, by_chance=True),
)
