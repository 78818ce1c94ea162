"""How many agents were employed on average over the window.

Population: days of employment, over the days of the window up to the report. Each month weighs the same, however many
days it has.
Edge cases: an agent with two employments on a day is one agent. Days are those of the account, in any report. Over
agents or teams the numbers add up; by day or month they would not, so those breakdowns are missing.
"""

import polars as pl

from reports.facts.staff_days import HEAD, STAFF_DAYS
from reports.measures.counts import Sum
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric

METRIC = Metric(
    name="mean_headcount",
    title="Mean headcount",
    version=1,
    unit="factor",
    better="neutral",
    formula="sum of days employed / days of the window, each day as a part of its month",
    frame=STAFF_DAYS,
    dimensions=CODE_DIMENSIONS,
    measure=Sum(value=pl.col("head_parts"), where=pl.col("agent").is_not_null(), per=HEAD),
)
