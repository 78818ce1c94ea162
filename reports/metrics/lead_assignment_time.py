"""How long it takes until half of the leads have been given to an agent.

Population: leads received in the window that are neither tests nor somebody asking again within 30 days. Leads not
yet assigned count for as long as they were seen waiting: until the report's moment, or until they were closed.
Edge cases: what counts is the latest assignment that is known. A lead with an owner but without a moment of
assignment says nothing and is left out. One assigned before it was received is left out and counted aside as skewed.
"""

import polars as pl

from reports.facts.leads import LEADS, assigned, received
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="lead_assignment_time",
    title="Lead assignment time",
    version=1,
    unit="s",
    better="lower",
    formula="Kaplan-Meier median of assigned - received",
    frame=LEADS,
    measure=Survival(duration=pl.col("assignment_ms"), event=assigned(), where=received()),
)
