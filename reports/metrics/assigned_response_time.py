"""How long agents take until half of the leads assigned to them have been called.

Population: leads received in the window, without tests and without repeat requests within 30 days. They were assigned
to an agent by the moment of the report. A lead not called since its assignment counts for the time it has waited so
far. The delay before the assignment does not count against the agent.
Edge cases: a lead that moves to another agent waits from then on, regardless of earlier calls. A lead that its owner
had called before the assignment is excluded. Leads called before they were received, and leads assigned before they
were received, are excluded too.
"""

import polars as pl

from reports.facts.leads import LEADS, called_since_assigned, received
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="assigned_response_time",
    title="Response time from assignment",
    version=1,
    unit="s",
    better="lower",
    formula="Kaplan-Meier median of first attempt since assigned - assigned",
    frame=LEADS,
    measure=Survival(duration=pl.col("assigned_response_ms"), event=called_since_assigned(), where=received()),
)
