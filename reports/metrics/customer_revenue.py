"""What customers paid in the window.

Population: monthly values of contracts, accrued by day over the days of the window, and sales with their day in it.
Edge cases: a whole month has its full value, however long it is. Another currency converts with the exchange rate of
the first day of the month, or of the contract. Deals are another number: won_revenue has their value by their close.
"""

import polars as pl

from reports.facts.contract_months import CONTRACT_MONTHS
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="customer_revenue",
    title="Customer revenue",
    version=1,
    unit="money",
    better="higher",
    formula="sum(monthly value x months in the window) + sum(sales)",
    frame=CONTRACT_MONTHS,
    measure=Sum(value=pl.col("converted_revenue"), where=pl.lit(value=True), per=MONEY, by_chance=True),
)
