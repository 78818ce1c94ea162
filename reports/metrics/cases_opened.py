"""How many cases were opened.

Population: cases by the moment at which they were opened, tests excluded.
Edge cases: a case that was opened again is the same case.
"""

import polars as pl

from reports.facts.cases import CASES
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="cases_opened",
    title="Cases opened",
    version=1,
    unit="count",
    better="neutral",
    formula="cases opened in the window",
    frame=CASES,
    measure=Count(where=pl.col("opened_at").is_not_null()),
)
