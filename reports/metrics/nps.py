"""Net promoter score after a contact: share of promoters less share of detractors, from -100 to 100.

Population: nps_answers: answers of 0 to 10 to surveys about a call, a case or an agent. Promoters answer 9 or 10,
detractors 0 to 6.
Edge cases: surveys about the relationship are never pooled with these: they are in relationship_nps. A late answer
belongs to the day of its call. Pages and the terminal show it from 30 answers on. Read nps_response_rate beside it.
"""

from reports.facts.surveys import SURVEYS
from reports.measures.metric import Metric
from reports.measures.scores import NetScore
from reports.metrics.nps_answers import METRIC as ANSWERS
from reports.metrics.nps_response_rate import METRIC as RESPONSES
from reports.rules.answers import about_contact, answered, at_least, at_most

METRIC = Metric(
    name="nps",
    title="NPS",
    version=1,
    unit="points",
    better="higher",
    formula="100 x (answers of 9 or 10 - answers of 0 to 6) / answers",
    frame=SURVEYS,
    beside=(ANSWERS, RESPONSES),
    shown_from=(ANSWERS, 30),
    measure=NetScore(promoter=at_least(9), detractor=at_most(6), where=answered("nps") & about_contact()),
)
