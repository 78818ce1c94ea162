"""Share of callers who would still wait after 20 seconds if nobody answered.

Population: waits longer than 0 of known length. A caller who was answered, or still waits, would have waited longer;
each counts for the wait so far (Kaplan-Meier).
Edge cases: the last moment of the 20 seconds belongs to them. Callers who were put through at once do not count. The
numerator shows the callers who hung up by then.
"""

import polars as pl

from reports.facts.queue_waits import QUEUE_WAITS, gave_up, waited
from reports.measures.metric import Metric
from reports.measures.still_waiting import StillWaiting

METRIC = Metric(
    name="still_waiting_20",
    title="Still waiting after 20 s",
    version=1,
    unit="ratio",
    better="higher",
    formula="S(20 s), S the Kaplan-Meier curve of the time until callers hang up",
    frame=QUEUE_WAITS,
    measure=StillWaiting(duration=pl.col("wait_ms"), event=gave_up(), where=waited(), horizon_ms=20_000),
)
