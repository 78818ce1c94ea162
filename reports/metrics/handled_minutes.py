"""Minutes that agents spent talking, holding or wrapping up.

Population: time in the window that agents spent talking, holding or wrapping up, as in handling_hours.
Edge cases: as in agent_hours. It covers calls in both directions, because agent states do not tell them apart.
"""

import polars as pl

from reports.facts.agent_time import AGENT_TIME, handling
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="handled_minutes",
    title="Handled minutes",
    version=1,
    unit="min",
    better="neutral",
    formula="sum of time talking, holding or wrapping",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=handling(), per=60_000_000),
)
