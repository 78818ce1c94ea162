"""Customer satisfaction: share of the answers with 4 or 5 of 5.

Population: csat_answers, by the moment of the call they are about. A late answer belongs to the day of its call.
Edge cases: scales are never pooled: answers of 1 to 10 are in csat_10. Without an answer it is empty. Fewer than 30
answers tell too little: pages and the terminal show it from 30 on. Read csat_response_rate beside it.
"""

from reports.facts.surveys import SURVEYS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.metrics.csat_answers import METRIC as ANSWERS
from reports.metrics.csat_response_rate import METRIC as RESPONSES
from reports.rules.answers import answered, at_least

METRIC = Metric(
    name="csat",
    title="CSAT",
    version=1,
    unit="ratio",
    better="higher",
    formula="answers of 4 or 5 / answers on the scale 1 to 5",
    frame=SURVEYS,
    beside=(ANSWERS, RESPONSES),
    shown_from=(ANSWERS, 30),
    measure=Ratio(numerator=at_least(4), denominator=answered("csat")),
)
