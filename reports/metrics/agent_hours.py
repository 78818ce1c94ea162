"""How many hours agents were there, breaks included.

Population: time in the window that agents spent in any state but offline, cut to the window and to every hour of it, so
that any piece of time has exactly its part. A second never counts twice, whatever was sent for it.
Edge cases: time has no campaign, source or tracking number, so that by source all hours stand in the row without one.
A state that nobody has ended lasts until the agent's next one, or until the moment of the report; agents who go home
without signing off are seen as still there (counted beside the report as still open). Null where no state was sent.
"""

import polars as pl

from reports.facts.agent_time import AGENT_TIME, HOUR_US, logged_in
from reports.measures.counts import Sum
from reports.measures.metric import Metric

METRIC = Metric(
    name="agent_hours",
    title="Agent hours",
    version=1,
    unit="h",
    better="band",
    formula="sum of time in any state but offline",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=logged_in(), per=HOUR_US),
)
