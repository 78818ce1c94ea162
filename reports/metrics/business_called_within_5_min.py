"""Out of a hundred leads, how many are called within 5 working minutes.

Population: that of business_response_time. Leads not yet called count for the working time they were seen waiting
(Kaplan and Meier), so that those for which it is too early to tell do not spoil the number.
Edge cases: as of business_response_time. The last millisecond of the time is in it.
"""

import polars as pl

from reports.facts.leads import FIVE_MINUTES_MS, LEADS, called, received
from reports.measures.durations import Within
from reports.measures.metric import Metric

METRIC = Metric(
    name="business_called_within_5_min",
    title="Called within 5 working minutes",
    version=1,
    unit="ratio",
    better="higher",
    formula="1 - S(5 minutes), S the Kaplan-Meier curve of business_response_time",
    frame=LEADS,
    working_time=True,
    measure=Within(
        duration=pl.col("business_response_ms"), event=called(), where=received(), horizon_ms=FIVE_MINUTES_MS
    ),
)
