"""How many customers were lost.

Population: customers with their last day in the window, unless another contract follows on the next day.
Edge cases: customers won and lost inside the window count here and not in customer_churn. An end that lies ahead does
not count yet.
"""

import polars as pl

from reports.facts.customer_spells import CUSTOMER_SPELLS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="lost_customers",
    title="Lost customers",
    version=1,
    unit="count",
    better="lower",
    formula="customers with their last day in the window",
    frame=CUSTOMER_SPELLS,
    anchor="lost_at",
    measure=Count(where=pl.col("lost_at").is_not_null()),
)
