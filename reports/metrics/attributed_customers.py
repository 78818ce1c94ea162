"""How many leads became paying customers, credited to the sources that led to them.

Population: leads that won their first deal in the window, in any currency.
Edge cases: further deals of a customer are revenue, but no further customer. A win that was withdrawn made no customer.
A goal can be shared, so the count has fractions. A goal without a touchpoint of a known source is in the row without a
source, so every breakdown contains all goals. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, GOAL, new_customer
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.attribution_models import WHOLE

METRIC = Metric(
    name="attributed_customers",
    title="Attributed customers",
    version=1,
    unit="count",
    better="higher",
    formula="sum of the credit for customers",
    frame=CREDITS,
    per_model=True,
    about="deal",
    measure=Sum(value=pl.col("weight"), where=new_customer(), per=WHOLE, by_chance=True, observation=GOAL),
)
