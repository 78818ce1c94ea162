"""How long it takes until half of the leads have been called for the first time.

Population: leads received in the window, without tests and without repeat requests within 30 days, that had not been
called before they were received. A lead not called yet counts for the time it has waited: until the moment of the
report, or until it was closed (Kaplan-Meier). Leaving it out would flatter the number. The number is empty if fewer
than half of the leads were called.
Edge cases: any call that was dialed stops the clock, answered or not; automatic messages never do. A call to a later
record of the same number within 30 days is a call to this lead. Time is elapsed time, including nights and Sundays;
business_response_time counts working hours. Leads with times in an impossible order are excluded and counted
separately. A lead without an owner belongs to the agent who called it first. By agent, leads without a call are
therefore in the row without an agent, and an agent who owns none seems to leave none out.
"""

import polars as pl

from reports.facts.leads import LEADS, called, received
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="lead_response_time",
    title="Lead response time",
    version=1,
    unit="s",
    better="lower",
    formula="Kaplan-Meier median of first attempt - received",
    frame=LEADS,
    measure=Survival(duration=pl.col("response_ms"), event=called(), where=received()),
)
