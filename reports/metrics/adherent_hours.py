"""Scheduled hours in which agents did what was planned.

Population: scheduled_hours in which the agent kept to the plan. Planned work is kept on a call or ready for one. A
planned break, training or meeting is kept while the agent is neither, on a day on which the agent was logged in.
Edge cases: an agent who takes a call into a break does not adhere, however useful that is. Without agent states nothing
is adherent.
"""

import polars as pl

from reports.facts.agent_time import HOUR_US
from reports.facts.schedule_time import SCHEDULE_TIME, planned
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="adherent_hours",
    title="Adherent hours",
    version=1,
    unit="h",
    better="neutral",
    formula="sum of scheduled time in which the plan was kept",
    frame=SCHEDULE_TIME,
    measure=Sum(value=pl.col("adherent_us"), where=planned(), per=HOUR_US),
)
