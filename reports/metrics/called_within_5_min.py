"""Out of a hundred leads, how many are called within 5 minutes.

Population: that of lead_response_time. Leads not yet called count for as long as they were seen waiting (Kaplan and
Meier), so that those for which it is too early to tell do not spoil the number.
Edge cases: as of lead_response_time. The last millisecond of the time is in it.
"""

import polars as pl

from reports.facts.leads import FIVE_MINUTES_MS, LEADS, called, received
from reports.measures.durations import Within
from reports.measures.metric import Metric

METRIC = Metric(
    name="called_within_5_min",
    title="Called within 5 minutes",
    version=1,
    unit="ratio",
    better="higher",
    formula="1 - S(5 minutes), S the Kaplan-Meier curve of lead_response_time",
    frame=LEADS,
    measure=Within(duration=pl.col("response_ms"), event=called(), where=received(), horizon_ms=FIVE_MINUTES_MS),
)
