"""What was left of the monthly payments of customers in the window after their cost.

Population: gross profits of contracts that are paid by the month, accrued like customer_revenue. Sales are excluded.
Edge cases: contracts without a known gross profit add nothing and are counted separately.
"""

import polars as pl

from reports.facts.contract_months import CONTRACT_MONTHS, monthly
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="monthly_gross_profit",
    title="Monthly gross profit",
    version=1,
    unit="money",
    better="higher",
    formula="sum(monthly gross profit x months in the window)",
    frame=CONTRACT_MONTHS,
    measure=Sum(value=pl.col("converted_profit"), where=monthly(), per=MONEY),
)
