"""Net promoter score of the relationship: asked without a contact, from -100 to 100.

Population: answers of 0 to 10 to NPS surveys that name no call, no case and no agent. Promoters answer 9 or 10,
detractors 0 to 6.
Edge cases: surveys after a contact are in nps, and the two are never pooled.
"""

from reports.facts.surveys import SURVEYS
from reports.measures.metric import Metric
from reports.measures.scores import NetScore
from reports.rules.answers import about_contact, answered, at_least, at_most

METRIC = Metric(
    name="relationship_nps",
    title="Relationship NPS",
    version=1,
    unit="points",
    better="higher",
    formula="100 x (answers of 9 or 10 - answers of 0 to 6) / answers",
    frame=SURVEYS,
    measure=NetScore(promoter=at_least(9), detractor=at_most(6), where=answered("nps") & ~about_contact()),
)
