"""How many agents chose to leave.

Population: leavers who left voluntarily.
Edge cases: if it is not known whether a leaver chose to go, the range covers both.
"""

import polars as pl

from reports.facts.staff_days import STAFF_DAYS, left
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="voluntary_leavers",
    title="Voluntary leavers",
    version=1,
    unit="count",
    better="lower",
    formula="leavers who chose to leave",
    frame=STAFF_DAYS,
    measure=Count(
        where=left() & pl.col("voluntary").fill_null(value=False), unknown=left() & pl.col("voluntary").is_null()
    ),
)
