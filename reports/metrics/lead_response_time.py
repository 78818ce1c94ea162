"""How long it takes until half of the leads have been called for the first time.

Population: leads received in the window that are neither tests nor somebody asking again within 30 days, and that had
not been called before they were received. A lead not yet called counts for as long as it was seen waiting: until the
report's moment, or until it was closed (Kaplan and Meier), so the number is not flattered by leaving it out; it is
empty when half of the leads were not reached.
Edge cases: any call that was dialed stops the clock, answered or not; messages that go out by themselves never do. A
call to a later record of the same number within 30 days is a call to this lead. Time is elapsed time, nights and
Sundays included; business_response_time counts working hours. Leads whose times run backwards have none and are
counted aside. A lead without an owner is that of whoever called it first, so by agent those that nobody has called
stand under no agent and an agent who owns none seems to leave none out.
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
