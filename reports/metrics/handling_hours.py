"""Hours that agents talked, held or wrapped up.

Population: time in the window that agents spent talking, holding or wrapping up. Dialing is excluded, because no
customer is served while it rings.
Edge cases: as in agent_hours.
"""

import polars as pl

from reports.facts.agent_time import AGENT_TIME, HOUR_US, handling
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="handling_hours",
    title="Handling hours",
    version=1,
    unit="h",
    better="neutral",
    formula="sum of time talking, holding or wrapping",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=handling(), per=HOUR_US),
)
