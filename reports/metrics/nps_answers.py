"""How many customers answered a NPS survey: the cases behind nps.

Population: NPS answers on the scale 0 to 10, about a call, a case or an agent, by the moment of the call.
Edge cases: answers on other scales are counted beside the report. A lead's fourth answer within 30 days does not count.
"""

from reports.facts.surveys import SURVEYS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.answers import about_contact, answered

METRIC = Metric(
    name="nps_answers",
    title="NPS answers",
    version=1,
    unit="count",
    better="neutral",
    formula="answers on the scale 0 to 10",
    frame=SURVEYS,
    measure=Count(where=answered("nps") & about_contact()),
)
