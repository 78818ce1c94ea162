"""Gross profit of the deals that were won.

Population: deals won in the window with a known gross profit, converted to the currency of the report.
Edge cases: deals without a reported profit add nothing, so it can look too small beside won_revenue.
"""

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="won_gross_profit",
    title="Won gross profit",
    version=2,
    unit="money",
    better="higher",
    formula="sum(gross profit) of deals won, by close date",
    frame=OPPORTUNITIES,
    measure=Sum(value=pl.col("converted_gross_profit"), where=won(), per=MONEY, by_chance=True),
)
