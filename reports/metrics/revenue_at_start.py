"""What the customers at the start of the window paid a month.

Population: monthly values of the contracts of customers_at_start that covered the first day of the window, converted to
the currency of the report.
Edge cases: sales have no monthly value and add nothing. Another currency converts with the exchange rate of the first
day. A customer with a contract without a rate is excluded and counted separately.
"""

import polars as pl

from reports.facts.customer_spells import CUSTOMER_SPELLS, at_start
from reports.measures.counts import Sum
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="revenue_at_start",
    title="Monthly revenue at the start",
    version=1,
    unit="money",
    better="higher",
    formula="sum(monthly value) of customers at the start",
    frame=CUSTOMER_SPELLS,
    dimensions=CODE_DIMENSIONS,
    measure=Sum(value=pl.col("value_at_start"), where=at_start(), per=MONEY),
)
