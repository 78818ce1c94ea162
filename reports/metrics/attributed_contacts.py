"""How many leads were spoken with for the first time, credited to the sources that led to them.

Population: leads with their first right-party contact in the window.
Edge cases: later conversations with the same lead are no further contacts. A goal can be shared, so the count has
fractions. A goal without a touchpoint of a known source is in the row without a source, so every breakdown contains all
goals. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, GOAL, goal_is
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.attribution_models import WHOLE

METRIC = Metric(
    name="attributed_contacts",
    title="Attributed contacts",
    version=1,
    unit="count",
    better="neutral",
    formula="sum of the credit for contacts",
    frame=CREDITS,
    per_model=True,
    about="contact",
    measure=Sum(value=pl.col("weight"), where=goal_is("contact"), per=WHOLE, by_chance=True, observation=GOAL),
)
