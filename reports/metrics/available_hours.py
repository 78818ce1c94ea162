"""How many hours agents were at work: on a call, or ready for the next one.

Population: time in the window that agents spent waiting, dialing, talking, holding or wrapping up; breaks (paused) and
offline time are out. What contacts, appointments and sales per hour are divided by.
Edge cases: as for agent_hours. A dialer that tells of calls but not of states leaves this null, and every number per
hour with it.
"""

import polars as pl

from reports.facts.agent_time import AGENT_TIME, HOUR_US, available
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="available_hours",
    title="Available hours",
    version=1,
    unit="h",
    better="band",
    formula="sum of time waiting, dialing, talking, holding or wrapping",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=available(), per=HOUR_US),
)
