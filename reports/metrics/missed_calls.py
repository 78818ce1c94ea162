"""How many incoming calls rang and nobody answered.

Population: offered calls that ended unanswered, and not because the caller hung up in a queue, left a message or chose
a callback.
Edge cases: a call that rings at three agents is one missed call and three offers; see offer_answer_rate for agents.
"""

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.inbound.outcomes import has_outcome

METRIC = Metric(
    name="missed_calls",
    title="Calls missed",
    version=1,
    unit="count",
    better="lower",
    formula="offered calls with the outcome missed",
    frame=INBOUND_CALLS,
    measure=Count(where=has_outcome("missed")),
)
