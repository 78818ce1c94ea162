"""Revenue won on an average day.

Population: as in won_revenue, over the days of the window that are over. Days are those of the report's zone; a day in
which clocks change is one day.
Edge cases: every calendar day counts, worked or not. Each deal adds its amount over the days, to the millionth. It is
the number that pipeline_velocity forecasts: if they differ much, stages are not kept up to date.
"""

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.counts import Sum
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric

METRIC = Metric(
    name="revenue_per_day",
    title="Revenue per day",
    version=2,
    unit="money_per_day",
    better="higher",
    formula="won revenue / days of the window",
    frame=OPPORTUNITIES,
    dimensions=CODE_DIMENSIONS,
    measure=Sum(value=pl.col("amount_a_day"), where=won(), per=1_000_000, by_chance=True),
)
