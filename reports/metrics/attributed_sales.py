"""How many calls ended in a sale, credited to the sources that led to them.

Population: calls of the window with a sale as their disposition, without tests.
Edge cases: two sales to one lead count twice. This does not show whether the deal was signed; see attributed_customers.
A goal can be shared, so the count has fractions. A goal without a touchpoint of a known source is in the row without a
source, so every breakdown contains all goals. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, GOAL, goal_is
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.attribution_models import WHOLE

METRIC = Metric(
    name="attributed_sales",
    title="Attributed sales",
    version=1,
    unit="count",
    better="higher",
    formula="sum of the credit for sales",
    frame=CREDITS,
    per_model=True,
    about="sale",
    measure=Sum(value=pl.col("weight"), where=goal_is("sale"), per=WHOLE, by_chance=True, observation=GOAL),
)
