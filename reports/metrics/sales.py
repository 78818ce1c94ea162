"""How many calls ended with a sale.

Population: attempts started in the window whose disposition, as of the report, is a sale.
Edge cases: the call's day counts, however late the sale was entered, so that the number of yesterday's sales can still
grow. Two sales to one lead are two.
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
