"""Share of answered incoming calls that were handed to a higher tier or a specialist.

Population: answered calls, each counted once.
Edge cases: a transfer on the same tier is no escalation. A call that was escalated twice counts once. By agent, a call
counts for every agent with a part in it.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="escalation_rate",
    title="Escalation rate",
    version=1,
    unit="ratio",
    better="lower",
    formula="escalated answered calls / answered calls",
    frame=INBOUND_TALKS,
    measure=Ratio(numerator=pl.col("escalated_at").is_not_null(), denominator=pl.col("call").is_not_null(), of="call"),
)
