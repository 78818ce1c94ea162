"""Share of callers who would still wait after 60 seconds if nobody answered.

Population: waits longer than 0 of known length. A caller who was answered, or still waits, would have waited longer;
each counts for the wait so far (Kaplan-Meier).
Edge cases: the last moment of the 60 seconds belongs to them. Callers who were put through at once do not count. The
numerator shows the callers who hung up by then.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS, gave_up, waited
from reports.measures.metric import Metric
from reports.measures.still_waiting import StillWaiting

METRIC = Metric(
    name="still_waiting_60",
    title="Still waiting after 60 s",
    version=1,
    unit="ratio",
    better="higher",
    formula="S(60 s), S the Kaplan-Meier curve of the time until callers hang up",
    frame=QUEUE_WAITS,
    measure=StillWaiting(duration=pl.col("wait_ms"), event=gave_up(), where=waited(), horizon_ms=60_000),
)
