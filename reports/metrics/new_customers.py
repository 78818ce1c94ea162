"""How many customers were won.

Population: times as a customer that began on a day of the window.
Edge cases: a customer who comes back after a day or more without a contract is won again. Another contract of a
customer is none. attributed_customers counts first sales, by the calls that led to them.
"""

import polars as pl

from reports.facts.customer_spells import CUSTOMER_SPELLS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="new_customers",
    title="New customers",
    version=1,
    unit="count",
    better="higher",
    formula="customers with their first day in the window",
    frame=CUSTOMER_SPELLS,
    anchor="since_at",
    measure=Count(where=pl.col("since_at").is_not_null()),
)
