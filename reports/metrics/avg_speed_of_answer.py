"""How long callers waited on average until an agent answered.

Population: waits that an agent answered, of known length. The clock starts when the caller enters the queue, after the
voice menu, and stops when an agent answers, so ringing counts.
Edge cases: callers who gave up are not included, so the number improves when more people hang up. Read abandonment_rate
and still_waiting_60 beside it. After a transfer, the wait in the second queue is a wait of its own.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS, answered
from reports.measures.averages import Mean
from reports.measures.metric import Metric

METRIC = Metric(
    name="avg_speed_of_answer",
    title="Average speed of answer",
    version=1,
    unit="s",
    better="lower",
    formula="sum(wait) / answered waits",
    frame=QUEUE_WAITS,
    measure=Mean(value=pl.col("wait_ms"), where=answered(), per=1000, least=0),
)
