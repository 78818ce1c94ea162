"""For every hundred real conversations in the period, how many goals were recorded in it, by default sales.

Population: goals recorded in the window, whenever their calls were made and however long they were, over
conversations of 60 seconds or longer dialed in the window.
Edge cases: event view: goals count on the day they were recorded, calls on the day they were dialed, so in a short or
quiet period it can exceed 100 %, and no call links the two sides. It is steady where conv_per_conversation grows:
past periods change only when something is recorded late. Gross: what was cancelled later stays in.
"""

from reports.facts.attempts import ATTEMPT_DIMENSIONS
from reports.measures.composites import Derived
from reports.measures.metric import Metric
from reports.metrics.conversations import METRIC as CONVERSATIONS
from reports.metrics.goal_events import METRIC as GOAL_EVENTS

METRIC = Metric(
    name="event_conv_per_conversation",
    title="Goals recorded per conversation",
    version=1,
    unit="ratio",
    better="higher",
    formula="goal_events / conversations",
    dimensions=ATTEMPT_DIMENSIONS,
    measure=Derived(numerators=(GOAL_EVENTS,), denominators=(CONVERSATIONS,)),
)
