"""Hours that agents were at work: on a call, or ready for the next one.

Population: time in the window that agents spent waiting, dialing, talking, holding or wrapping up. Breaks (paused) and
offline time are excluded. Attempts, contacts, appointments and sales per hour divide by these hours.
Edge cases: as in agent_hours. A dialer that sends calls but no agent states leaves this number, and every number per
hour, empty.
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
    better="neutral",
    formula="sum of time waiting, dialing, talking, holding or wrapping",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=available(), per=HOUR_US),
)
