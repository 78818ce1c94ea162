"""How long nine of ten callers waited at most until an agent answered.

Population: as in avg_speed_of_answer.
Edge cases: one of ten waited longer.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS, answered
from reports.measures.averages import Quantile
from reports.measures.metric import Metric

METRIC = Metric(
    name="p90_speed_of_answer",
    title="90th percentile of the speed of answer",
    version=1,
    unit="s",
    better="lower",
    formula="90th percentile of wait of answered waits",
    frame=QUEUE_WAITS,
    measure=Quantile(value=pl.col("wait_ms"), where=answered(), share=0.9, per=1000),
)
