"""How long it takes until an agent has spoken with the right person for half of the leads.

Population: that of lead_response_time. Leads not yet reached count for as long as they were seen waiting.
Edge cases: a machine, a gatekeeper or a wrong person does not stop the clock. It stops when that call was dialed.
"""

import polars as pl

from reports.facts.leads import LEADS, contacted, received
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="lead_contact_time",
    title="Time to first contact",
    version=1,
    unit="s",
    better="lower",
    formula="Kaplan-Meier median of first RP - received",
    frame=LEADS,
    measure=Survival(duration=pl.col("contact_ms"), event=contacted(), where=received()),
)
