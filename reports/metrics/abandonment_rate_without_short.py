"""Share of waiting callers who hung up before an agent answered, without those who hung up within 5 seconds.

Population: as in abandonment_rate, without abandoned waits of less than 5 seconds.
Edge cases: a wait of exactly 5 seconds counts. Abandoned waits of unknown length count.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS, short
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="abandonment_rate_without_short",
    title="Abandonment rate without short ones",
    version=1,
    unit="ratio",
    better="lower",
    formula="(abandoned - short abandoned) / (offered - short abandoned)",
    frame=QUEUE_WAITS,
    measure=Ratio(numerator=pl.col("outcome") == "abandoned", denominator=(pl.col("outcome") != "open") & ~short()),
)
