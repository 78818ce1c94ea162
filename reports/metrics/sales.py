"""How many calls ended with a sale.

Population: attempts started in the window with a sale as their disposition, as of the report.
Edge cases: a sale counts on the day of the call, however late it was entered, so yesterday's sales can still rise. Two
sales to one lead are two.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="sales",
    title="Sales",
    version=1,
    unit="count",
    better="higher",
    formula="S: attempts whose current disposition is a sale",
    frame=ATTEMPTS,
    measure=Count(where=pl.col("result") == "sale"),
)
