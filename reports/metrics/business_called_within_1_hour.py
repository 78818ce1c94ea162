"""Share of leads that are called within 1 working hour.

Population: as in business_response_time. A lead not called yet counts for the working time it has waited so far
(Kaplan-Meier), so recent leads do not distort the number.
Edge cases: as in business_response_time. The last millisecond of the time counts as within it.
"""

import polars as pl

from reports.facts.leads import HOUR_MS, LEADS, called, received
from reports.measures.durations import Within
from reports.measures.metric import Metric

METRIC = Metric(
    name="business_called_within_1_hour",
    title="Called within 1 working hour",
    version=1,
    unit="ratio",
    better="higher",
    formula="1 - S(1 hour), S the Kaplan-Meier curve of business_response_time",
    frame=LEADS,
    working_time=True,
    measure=Within(duration=pl.col("business_response_ms"), event=called(), where=received(), horizon_ms=HOUR_MS),
)
