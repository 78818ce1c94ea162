"""How many incoming calls ended with a message instead of an agent.

Population: offered calls in which the caller left a message.
Edge cases: a voicemail is neither missed nor abandoned. not_called_back counts the callers who still wait.
"""

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.inbound.outcomes import has_outcome

METRIC = Metric(
    name="voicemail_calls",
    title="Voicemails",
    version=1,
    unit="count",
    better="lower",
    formula="offered calls with the outcome voicemail",
    frame=INBOUND_CALLS,
    measure=Count(where=has_outcome("voicemail")),
)
