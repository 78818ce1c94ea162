"""How many people called for the first time in a year.

Population: callers of offered calls without another offered call in the 365 days before.
Edge cases: what came before the first import is unknown, so the first year counts too many. Attempts to the person do
not matter. Unknown callers do not count.
"""

import polars as pl

from reports.facts.callers import CALLERS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="first_time_callers",
    title="First-time callers",
    version=1,
    unit="count",
    better="neutral",
    formula="distinct callers without an offered call in the 365 days before",
    frame=CALLERS,
    measure=Count(where=pl.col("first_time"), of="caller"),
)
