"""How many calls ended with an appointment, credited to the sources that led there.

Population: calls of the window, tests left out, whose disposition is an appointment.
Edge cases: two appointments with one lead count twice. Whether they were kept is another number. A goal can be shared,
so the count has fractions. A goal without any touch of a known source stands in the row without a source, so that over
any breakdown all goals are there. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, goal_is
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.attribution_models import WHOLE

METRIC = Metric(
    name="attributed_appointments",
    title="Attributed appointments",
    version=1,
    unit="count",
    better="higher",
    formula="sum of the credit for appointments",
    frame=CREDITS,
    per_model=True,
    about="appointment",
    measure=Sum(value=pl.col("weight"), where=goal_is("appointment"), per=WHOLE, by_chance=True),
)
