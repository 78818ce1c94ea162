"""How long it takes until half of the callers would have hung up if nobody answered.

Population: waits longer than 0 of known length. A caller who was answered, or still waits, would have waited longer;
each counts for the wait so far (Kaplan-Meier).
Edge cases: empty if fewer than half of the callers would have hung up by the longest wait seen. Callers who were put
through at once do not count.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS, gave_up, waited
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="median_patience",
    title="Median patience",
    version=1,
    unit="s",
    better="higher",
    formula="Kaplan-Meier median of the time until callers hang up",
    frame=QUEUE_WAITS,
    measure=Survival(duration=pl.col("wait_ms"), event=gave_up(), where=waited()),
)
