"""Hours that agents were logged in, breaks included.

Population: time in the window that agents spent in any state but offline. Time is cut at the edges of the window and at
every hour, so each hour contains exactly its own part. A second never counts twice, even if several states were sent
for it.
Edge cases: agent time has no campaign, source or tracking number. By source, all hours are in the row without one. A
state without an end lasts until the agent's next state, or until the moment of the report. Agents who go home without
signing off count as still there; the report counts such time as still open. Empty where no state was sent.
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
    better="neutral",
    formula="sum of time in any state but offline",
    frame=AGENT_TIME,
    measure=Sum(value=pl.col("us"), where=logged_in(), per=HOUR_US),
)
