"""How many leads a call qualified.

Population: distinct leads with an attempt in the window that ended as qualified, as an appointment or as a sale.
Edge cases: a lead that several calls qualified counts once. Attempts without a lead do not count.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.calls import GOALS

METRIC = Metric(
    name="qualified_leads",
    title="Qualified leads",
    version=1,
    unit="count",
    better="higher",
    formula="distinct leads with a qualifying attempt",
    frame=ATTEMPTS,
    measure=Count(where=pl.col("result").cast(pl.String).is_in(GOALS["any"]), of="lead"),
)
