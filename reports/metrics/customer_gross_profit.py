"""What was left of the customers' payments in the window after their cost.

Population: gross profits of contracts and sales, accrued like customer_revenue.
Edge cases: contracts without a known gross profit add nothing and are counted separately.
"""

import polars as pl

from reports.facts.contract_months import CONTRACT_MONTHS
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="customer_gross_profit",
    title="Customer gross profit",
    version=1,
    unit="money",
    better="higher",
    formula="sum(monthly gross profit x months in the window) + sum(gross profit of sales)",
    frame=CONTRACT_MONTHS,
    measure=Sum(value=pl.col("converted_profit"), where=pl.lit(value=True), per=MONEY),
)
