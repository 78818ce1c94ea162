"""How much working time goes by until half of the leads have been called for the first time.

Population: that of lead_response_time. Leads not yet called count for the working time they were seen waiting.
Edge cases: working time is that of the calendar of the team whose agent owns the lead (else of the one who called it
first), else of the account, holidays left out; without any it is Monday to Friday, 09:00-17:00. A lead that arrives
in closed time starts to wait at the next opening; one called in closed time before that has waited 0 seconds.
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
