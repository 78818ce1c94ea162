"""How many leads came in, credited to the sources that brought them.

Population: leads received in the window, tests left out; a number that asks again within 30 days is no other lead.
Edge cases: a lead that had other contacts with us before, under another name or number of ours, is credited to these as
well, as the model says. A goal can be shared, so the count has fractions. A goal without any touch of a known source
stands in the row without a source, so that over any breakdown all goals are there. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, goal_is
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.attribution_models import WHOLE

METRIC = Metric(
    name="attributed_leads",
    title="Attributed leads",
    version=1,
    unit="count",
    better="higher",
    formula="sum of the credit for leads",
    frame=CREDITS,
    per_model=True,
    about="lead",
    measure=Sum(value=pl.col("weight"), where=goal_is("lead"), per=WHOLE, by_chance=True),
)
