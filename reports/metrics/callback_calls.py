"""How many callers chose to be called back instead of waiting.

Population: offered calls that ended when the caller chose a callback.
Edge cases: a caller who chose a callback and got through in the same call counts as answered. not_called_back counts
the callers who still wait.
"""

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.inbound.outcomes import has_outcome

METRIC = Metric(
    name="callback_calls",
    title="Callbacks chosen",
    version=1,
    unit="count",
    better="neutral",
    formula="offered calls with the outcome callback",
    frame=INBOUND_CALLS,
    measure=Count(where=has_outcome("callback")),
)
