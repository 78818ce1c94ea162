"""How many months customers were customers in the window, those with a known monthly gross profit.

Population: days of the window as a customer, each as a part of its month, of customers with a known monthly profit.
Edge cases: a customer counts once a day, however many contracts they have. The margin in customer_lifetime_value
divides by these months.
"""

import polars as pl

from reports.facts.customer_spells import CUSTOMER_SPELLS
from reports.measures.counts import Sum
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric
from reports.rules.spells import MONTH_PARTS

METRIC = Metric(
    name="customer_months",
    title="Customer months",
    version=1,
    unit="months",
    better="neutral",
    formula="sum of days as a customer, each as a part of its month",
    frame=CUSTOMER_SPELLS,
    dimensions=CODE_DIMENSIONS,
    measure=Sum(value=pl.col("month_parts"), where=pl.col("profit_known"), per=MONTH_PARTS),
)
