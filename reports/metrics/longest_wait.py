"""How long the unluckiest caller waited, answered or not.

Population: all waits of known length, also those that still go on.
Edge cases: a wait that is open for more than a day has lost its end and does not count.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS, timed
from reports.measures.averages import Quantile
from reports.measures.metric import Metric

METRIC = Metric(
    name="longest_wait",
    title="Longest wait",
    version=1,
    unit="s",
    better="lower",
    formula="max(wait) of offered waits",
    frame=QUEUE_WAITS,
    measure=Quantile(value=pl.col("wait_ms"), where=timed(), share=1.0, per=1000),
)
