"""Share of the surveys about recommendation after a contact that customers answered.

Population: NPS surveys of any scale that reached customers, about a call, a case or an agent.
Edge cases: few answers speak for few customers: read every NPS beside this rate. Recent surveys may still be answered.
"""

import polars as pl

from reports.facts.surveys import SURVEYS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.answers import about_contact, sent

METRIC = Metric(
    name="nps_response_rate",
    title="NPS response rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="NPS answers / NPS surveys that reached customers",
    frame=SURVEYS,
    measure=Ratio(numerator=pl.col("answered"), denominator=sent("nps") & about_contact()),
)
