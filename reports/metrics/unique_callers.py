"""How many different people called.

Population: callers of offered calls, each counted once. A caller is a phone number, or without one, the dialer's own id
of the caller.
Edge cases: calls without either are counted beside the report. A switchboard is one caller; a person with two phones is
two. Groups do not add up to the total if a caller is in several.
"""

import polars as pl

from reports.facts.callers import CALLERS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="unique_callers",
    title="Unique callers",
    version=1,
    unit="count",
    better="neutral",
    formula="distinct callers of offered calls",
    frame=CALLERS,
    measure=Count(where=pl.col("offered"), of="caller"),
)
