"""Share of answered incoming calls that were passed on to another agent or outside.

Population: answered calls, each counted once.
Edge cases: a call is transferred if the dialer says so, or if several agents have a part in it. By agent, a call counts
for every agent with a part in it.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="transfer_rate",
    title="Transfer rate",
    version=1,
    unit="ratio",
    better="lower",
    formula="transferred answered calls / answered calls",
    frame=INBOUND_TALKS,
    measure=Ratio(numerator=pl.col("transferred"), denominator=pl.col("call").is_not_null(), of="call"),
)
