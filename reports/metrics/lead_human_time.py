"""How long it takes until somebody has picked up for half of the leads.

Population: that of lead_response_time. Leads of which nobody has picked up count for as long as they were seen
waiting.
Edge cases: whoever picks up counts, the right person or not, and also when no agent was there to talk. The clock
stops when that call was dialed.
"""

import polars as pl

from reports.facts.leads import LEADS, received, spoken
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="lead_human_time",
    title="Time to first answer by a person",
    version=1,
    unit="s",
    better="lower",
    formula="Kaplan-Meier median of first human-answered attempt - received",
    frame=LEADS,
    measure=Survival(duration=pl.col("human_ms"), event=spoken(), where=received()),
)
