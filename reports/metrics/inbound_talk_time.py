"""How much time agents talked with callers in all.

Population: as in handle_time.
Edge cases: with the other parts it adds up to handle_time.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS, handled
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="inbound_talk_time",
    title="Talk time of callers",
    version=1,
    unit="s",
    better="neutral",
    formula="sum(talk) of handled calls",
    frame=INBOUND_TALKS,
    measure=Sum(value=pl.col("talk_ms"), where=handled(), per=1000, by_chance=True),
)
