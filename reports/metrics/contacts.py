"""How many times an agent spoke with the person the call was meant for.

Population: right-party contacts. A person answered, an agent spoke with them, and the disposition says, or a goal
implies, that it was the right person.
Edge cases: three contacts with one lead are three; contacted_leads counts the lead once. Gatekeepers, wrong numbers and
voicemail do not count. Range: up to every call that may have reached the right party; see rpc_rate.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import possibly_right_party, right_party

METRIC = Metric(
    name="contacts",
    title="Contacts",
    version=2,
    unit="count",
    better="neutral",
    formula="RP: attempts in which an agent spoke with the right party",
    frame=ATTEMPTS,
    measure=Count(where=right_party(), unknown=possibly_right_party()),
)
