"""How many hours agents were said to be doing two things at once, which is a fault in what was sent.

Population: time in the window for which more than one state of an agent was sent, the one that counts (the one that
started later) not being offline. It is in every other number of hours once.
Edge cases: two codes that were merged into one agent overlap when both were sent for the same time.
"""

import polars as pl

from reports.facts.agent_time import AGENT_TIME, HOUR_US, contradicted
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="overlapping_hours",
    title="Overlapping hours",
    version=1,
    unit="h",
    better="lower",
    formula="sum of time for which more than one state was sent",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=contradicted(), per=HOUR_US),
)
