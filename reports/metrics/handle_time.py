"""How much time agents spent on incoming calls in all.

Population: agents' parts in answered calls with a known talk time. Handle time is talk, hold and after-call work.
Edge cases: after-call work that was not reported counts as none, and is counted beside the report. The whole time
belongs to the moment at which the call arrived.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS, handled
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="handle_time",
    title="Handle time",
    version=1,
    unit="s",
    better="neutral",
    formula="sum(talk + hold + after-call work)",
    frame=INBOUND_TALKS,
    measure=Sum(value=pl.col("handle_ms"), where=handled(), per=1000, by_chance=True),
)
