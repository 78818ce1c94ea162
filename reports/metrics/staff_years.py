"""How many years all agents together were employed in the window.

Population: days of employment in the window. A day is its part of a month, and a month is a twelfth of a year. Ten
agents employed all through March are 10/12 of a year.
Edge cases: as in mean_headcount. Attrition divides by these years.
"""

import polars as pl

from reports.facts.staff_days import STAFF_DAYS
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.spells import MONTH_PARTS

METRIC = Metric(
    name="staff_years",
    title="Staff years",
    version=1,
    unit="years",
    better="neutral",
    formula="sum of days employed, each as a part of its month / 12",
    frame=STAFF_DAYS,
    measure=Sum(value=pl.col("month_parts"), where=pl.col("agent").is_not_null(), per=12 * MONTH_PARTS),
)
