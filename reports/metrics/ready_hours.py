"""Hours that agents waited, ready for the next call.

Population: time in the window that agents spent waiting. Calls, breaks and offline time are excluded.
Edge cases: as in agent_hours. A predictive dialer gives the next call while agents wait, so a low number is no fault.
"""

import polars as pl

from reports.facts.agent_time import AGENT_TIME, HOUR_US, in_state
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="ready_hours",
    title="Ready hours",
    version=1,
    unit="h",
    better="neutral",
    formula="sum of time waiting",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=in_state("waiting"), per=HOUR_US),
)
