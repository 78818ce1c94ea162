"""What the customers lost in the window had paid a month when it began.

Population: revenue_at_start of the customers who were lost in the window.
Edge cases: a customer who stays at a lower price is no loss and adds nothing.
"""

import polars as pl

from reports.facts.customer_spells import CUSTOMER_SPELLS, lost_since
from reports.measures.counts import Sum
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="lost_revenue",
    title="Lost monthly revenue",
    version=1,
    unit="money",
    better="lower",
    formula="sum(monthly value at the start) of customers at the start who were lost",
    frame=CUSTOMER_SPELLS,
    dimensions=CODE_DIMENSIONS,
    measure=Sum(value=pl.col("value_at_start"), where=lost_since(), per=MONEY, by_chance=True),
)
