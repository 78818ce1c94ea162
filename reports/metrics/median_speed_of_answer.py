"""How long the typical caller waited until an agent answered.

Population: as in avg_speed_of_answer.
Edge cases: 0 means that at least half of the callers were put through at once.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS, answered
from reports.measures.averages import Quantile
from reports.measures.metric import Metric

METRIC = Metric(
    name="median_speed_of_answer",
    title="Median speed of answer",
    version=1,
    unit="s",
    better="lower",
    formula="median(wait) of answered waits",
    frame=QUEUE_WAITS,
    measure=Quantile(value=pl.col("wait_ms"), where=answered(), share=0.5, per=1000),
)
