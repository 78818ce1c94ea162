"""How many customers answered a CSAT survey: the cases behind csat.

Population: CSAT answers on the scale 1 to 5, by the moment of the call.
Edge cases: answers on other scales are counted beside the report. A lead's fourth answer within 30 days does not count.
"""

from reports.facts.surveys import SURVEYS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.answers import answered

METRIC = Metric(
    name="csat_answers",
    title="CSAT answers",
    version=1,
    unit="count",
    better="neutral",
    formula="answers on the scale 1 to 5",
    frame=SURVEYS,
    measure=Count(where=answered("csat")),
)
