"""Share of waiting callers who hung up before an agent answered.

Population: waits of offered calls that are over, each in the period in which it began.
Edge cases: a caller who chose a callback or left a voicemail did not abandon the call. Callers who hung up within 5
seconds count; abandonment_rate_without_short leaves them out. The share of outbound calls without an agent has another
name: drop_rate_us.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="abandonment_rate",
    title="Abandonment rate",
    version=1,
    unit="ratio",
    better="lower",
    formula="abandoned / offered waits that are over",
    frame=QUEUE_WAITS,
    measure=Ratio(numerator=pl.col("outcome") == "abandoned", denominator=pl.col("outcome") != "open"),
)
