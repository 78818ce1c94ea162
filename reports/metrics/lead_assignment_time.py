"""How long it takes until half of the leads have been assigned to an agent.

Population: leads received in the window, without tests and without repeat requests within 30 days. A lead not assigned
yet counts for the time it has waited: until the moment of the report, or until it was closed.
Edge cases: the latest known assignment counts. A lead with an owner but without a moment of assignment is excluded. A
lead assigned before it was received is excluded and counted as skewed.
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
