"""Share of leads that are called within 1 hour.

Population: as in lead_response_time. A lead not called yet counts for the time it has waited so far (Kaplan-Meier), so
recent leads do not distort the number.
Edge cases: as in lead_response_time. The last millisecond of the time counts as within it.
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
