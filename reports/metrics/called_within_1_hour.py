"""Out of a hundred leads, how many are called within 1 hour.

Population: that of lead_response_time. Leads not yet called count for as long as they were seen waiting (Kaplan and
Meier), so that those for which it is too early to tell do not spoil the number.
Edge cases: as of lead_response_time. The last millisecond of the time is in it.
"""

import polars as pl

from reports.facts.leads import HOUR_MS, LEADS, called, received
from reports.measures.durations import Within
from reports.measures.metric import Metric

METRIC = Metric(
    name="called_within_1_hour",
    title="Called within 1 hour",
    version=1,
    unit="ratio",
    better="higher",
    formula="1 - S(1 hour), S the Kaplan-Meier curve of lead_response_time",
    frame=LEADS,
    measure=Within(duration=pl.col("response_ms"), event=called(), where=received(), horizon_ms=HOUR_MS),
)
