"""Hours that agents were scheduled for.

Population: planned work, breaks, training and meetings in the window, up to the moment of the report. Time planned as
off is excluded.
Edge cases: of two plans of an agent at once, the one that starts later counts. A plan that changed later counts as it
is known now; a report as of an earlier moment shows the earlier plan.
"""

import polars as pl

from reports.facts.agent_time import HOUR_US
from reports.facts.schedule_time import SCHEDULE_TIME, planned
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="scheduled_hours",
    title="Scheduled hours",
    version=1,
    unit="h",
    better="neutral",
    formula="sum of planned work, breaks, training and meetings",
    frame=SCHEDULE_TIME,
    measure=Sum(value=pl.col("us"), where=planned(), per=HOUR_US),
)
