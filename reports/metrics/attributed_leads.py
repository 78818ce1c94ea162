"""How many leads came in, credited to the sources that brought them.

Population: leads received in the window, without tests and without repeat requests within 30 days.
Edge cases: a lead may have had earlier contact with us under another name or number of ours. The model then credits
those touchpoints too. A goal can be shared, so the count has fractions. A goal without a touchpoint of a known source
is in the row without a source, so every breakdown contains all goals. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, GOAL, goal_is
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.attribution_models import WHOLE

METRIC = Metric(
    name="attributed_leads",
    title="Attributed leads",
    version=1,
    unit="count",
    better="neutral",
    formula="sum of the credit for leads",
    frame=CREDITS,
    per_model=True,
    about="lead",
    measure=Sum(value=pl.col("weight"), where=goal_is("lead"), per=WHOLE, by_chance=True, observation=GOAL),
)
