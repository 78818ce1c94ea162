"""How long agents take until half of the leads given to them have been called.

Population: leads received in the window that are neither tests nor somebody asking again within 30 days and that were
given to an agent by the report's moment. Leads not called since count for as long as they were seen waiting. The
delay before the assignment is not the agent's.
Edge cases: a lead given to another agent waits from then, whatever calls were made to it before. One that its owner
had called before getting it was theirs already and is left out, as are leads called before they were received and
leads assigned before they were received.
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
