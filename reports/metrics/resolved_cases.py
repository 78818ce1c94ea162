"""How many cases were resolved and stayed so.

Population: cases by the moment at which they were last resolved, tests excluded. A case that was opened again later
does not count.
Edge cases: a case counts in the period in which it was last resolved, whenever it was opened.
"""

import polars as pl

from reports.facts.cases import CASES
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="resolved_cases",
    title="Cases resolved",
    version=1,
    unit="count",
    better="higher",
    formula="cases resolved in the window",
    frame=CASES,
    measure=Count(where=pl.col("resolved")),
    anchor="resolved_at",
)
