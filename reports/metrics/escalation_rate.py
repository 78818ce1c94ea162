"""Share of answered incoming calls that were handed to a higher tier or a specialist.

Population: answered calls of dialers with an escalated call in the window, each counted once.
Edge cases: empty if no dialer reports any escalation, since nothing tells whether there was one. A transfer on the same
tier is no escalation. A call that was escalated twice counts once. By agent, a call counts for every agent with a part
in it.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="escalation_rate",
    title="Escalation rate",
    version=2,
    unit="ratio",
    better="lower",
    formula="escalated answered calls / answered calls of dialers that report escalations",
    frame=INBOUND_TALKS,
    measure=Ratio(numerator=pl.col("escalated_at").is_not_null(), denominator=pl.col("reports_escalations"), of="call"),
)
