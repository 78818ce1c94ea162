"""Share of answered incoming calls that were passed on to another agent or outside.

Population: answered calls of dialers that report transfers in the window, each counted once.
Edge cases: a call is transferred if the dialer marks it so, or if several agents have a part in it. A dialer reports
transfers if it marks any call as transferred or not, or has a call with several agents. Its other calls then count as
not transferred. Empty if no dialer does. By agent, a call counts for every agent with a part in it.
"""

import polars as pl

from reports.facts.inbound_talks import INBOUND_TALKS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="transfer_rate",
    title="Transfer rate",
    version=2,
    unit="ratio",
    better="lower",
    formula="transferred answered calls / answered calls of dialers that report transfers",
    frame=INBOUND_TALKS,
    measure=Ratio(
        numerator=pl.col("transferred").fill_null(value=False), denominator=pl.col("reports_transfers"), of="call"
    ),
)
