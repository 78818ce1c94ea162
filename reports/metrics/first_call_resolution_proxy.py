"""Share of first contacts after which the caller did not need to call again within 7 days.

Population: answered calls without another answered call of the same caller in the 7 days before, at least 7 days old. A
contact is resolved if the caller made no other offered call within 7 days and no agent escalated it.
Edge cases: this is a proxy: a caller who gives up looks resolved. Calls about different known topics do not repeat each
other. Contacts younger than 7 days are excluded and counted beside the report, as are unknown callers. Cases give the
real number; see first_contact_resolution.
"""

import polars as pl

from reports.facts.callers import CALLERS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="first_call_resolution_proxy",
    title="First-call resolution (proxy)",
    version=1,
    unit="ratio",
    better="higher",
    formula="mature first contacts without a repeat in 7 days and without escalation / mature first contacts",
    frame=CALLERS,
    measure=Ratio(numerator=pl.col("resolved"), denominator=pl.col("first_contact") & pl.col("mature")),
)
