"""Share of the surveys about satisfaction that customers answered.

Population: CSAT surveys of any scale that reached customers.
Edge cases: few answers speak for few customers: read every CSAT beside this rate. Recent surveys may still be answered.
"""

import polars as pl

from reports.facts.surveys import SURVEYS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.answers import sent

METRIC = Metric(
    name="csat_response_rate",
    title="CSAT response rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="CSAT answers / CSAT surveys that reached customers",
    frame=SURVEYS,
    measure=Ratio(numerator=pl.col("answered"), denominator=sent("csat")),
)
