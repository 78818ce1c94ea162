"""How many times an agent really talked with the right person: for a minute or longer.

Population: right-party contacts with a talk time of 60 seconds or longer. There is no standard threshold; several
dialers use this one.
Edge cases: if a dialer reports no talk time, there are no conversations. Range: as in contacts.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import conversation, possibly_conversation

METRIC = Metric(
    name="conversations",
    title="Conversations",
    version=2,
    unit="count",
    better="neutral",
    formula="CV: right-party contacts of 60 s or longer",
    frame=ATTEMPTS,
    measure=Count(where=conversation(), unknown=possibly_conversation()),
)
