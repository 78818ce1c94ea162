"""How many times an agent really talked with the right person: for a minute or longer.

Population: right-party contacts whose talk time is 60 seconds or longer. There is no standard threshold; this one is
that of several dialers.
Edge cases: a dialer that reports no talk time has none.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import conversation

METRIC = Metric(
    name="conversations",
    title="Conversations",
    version=1,
    unit="count",
    better="higher",
    formula="CV: right-party contacts of 60 s or longer",
    frame=ATTEMPTS,
    measure=Count(where=conversation()),
)
