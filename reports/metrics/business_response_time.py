"""How much working time passes until half of the leads have been called for the first time.

Population: as in lead_response_time. A lead not called yet counts for the working time it has waited so far.
Edge cases: working time follows a calendar without its holidays. It is the calendar of the owner's team, else of the
team of the first caller, else of the account. Without any calendar it is Monday to Friday, 09:00-17:00. A lead that
arrives outside working time starts to wait at the next opening. A lead called before that opening has waited 0 seconds.
"""

import polars as pl

from reports.facts.leads import LEADS, called, received
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="business_response_time",
    title="Lead response time, working hours",
    version=1,
    unit="s",
    better="lower",
    formula="Kaplan-Meier median of working time from received to first attempt",
    frame=LEADS,
    working_time=True,
    measure=Survival(duration=pl.col("business_response_ms"), event=called(), where=received()),
)
