"""Customer satisfaction on a scale up to 10: share of the answers with 9 or 10.

Population: answers to CSAT surveys with a scale of 0 to 10 or 1 to 10, by the moment of the call.
Edge cases: it is not comparable with csat, because customers use a longer scale differently.
"""

from reports.facts.surveys import SURVEYS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.answers import answered, at_least

METRIC = Metric(
    name="csat_10",
    title="CSAT, scale to 10",
    version=1,
    unit="ratio",
    better="higher",
    formula="answers of 9 or 10 / answers on a scale up to 10",
    frame=SURVEYS,
    measure=Ratio(numerator=at_least(9), denominator=answered("csat", "0-10", "1-10")),
)
