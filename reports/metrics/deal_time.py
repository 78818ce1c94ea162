"""Time from the first contact until half of the deals are decided, open deals included.

Population: deals that were opened in the window. The clock starts with the first call that reached the right party, or
else when the deal was qualified. It stops when the deal is won or lost.
Edge cases: an open deal counts for its time so far (Kaplan-Meier). "Not reached" while fewer than half are decided.
sales_cycle is another number: it describes won deals alone.
"""

import polars as pl

from reports.facts.deal_times import DEAL_TIMES, closed
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="deal_time",
    title="Deal time",
    version=1,
    unit="days",
    better="lower",
    formula="Kaplan-Meier median of first contact to close, open deals censored",
    frame=DEAL_TIMES,
    measure=Survival(duration=pl.col("ms"), event=closed(), where=~pl.col("test"), per=86_400_000),
)
