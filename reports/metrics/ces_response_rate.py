"""Share of the surveys about effort that customers answered.

Population: CES surveys of any scale that reached customers.
Edge cases: few answers speak for few customers: read every CES beside this rate. Recent surveys may still be answered.
"""

import polars as pl

from reports.facts.surveys import SURVEYS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.answers import sent

METRIC = Metric(
    name="ces_response_rate",
    title="CES response rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="CES answers / CES surveys that reached customers",
    frame=SURVEYS,
    measure=Ratio(numerator=pl.col("answered"), denominator=sent("ces")),
)
