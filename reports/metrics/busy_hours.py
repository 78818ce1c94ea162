"""Hours that agents had a call in hand: placing it, talking, on hold, or wrapping it up.

Population: time in the window that agents spent dialing, talking, holding or wrapping up. An agent who listens to a
phone ring is busy; an agent who waits for the dialer to bring a call is not.
Edge cases: as in agent_hours.
"""

import polars as pl

from reports.facts.agent_time import AGENT_TIME, HOUR_US, busy
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="busy_hours",
    title="Busy hours",
    version=1,
    unit="h",
    better="neutral",
    formula="sum of time dialing, talking, holding or wrapping",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=busy(), per=HOUR_US),
)
