"""Hours for which agents were reported in two states at once, which is a fault in the data sent.

Population: time in the window with more than one state of an agent, unless the state that counts is offline. The state
that started later counts. Every other number of hours contains this time once.
Edge cases: two codes merged into one agent overlap when states were sent for both at the same time.
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
