"""Hours that agents were logged in on days for which they had a schedule.

Population: time logged in, breaks included, on every day of the account with a plan of the agent. The time of day does
not matter.
Edge cases: days without a plan do not count, so unplanned shifts do not hide missed ones.
"""

import polars as pl

from reports.facts.agent_time import HOUR_US
from reports.facts.schedule_time import SCHEDULE_TIME, attended
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="attended_hours",
    title="Attended hours",
    version=1,
    unit="h",
    better="neutral",
    formula="sum of time logged in, on days with a plan",
    frame=SCHEDULE_TIME,
    measure=Sum(value=pl.col("us"), where=attended(), per=HOUR_US),
)
