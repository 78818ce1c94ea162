"""Goals recorded in the period, by default sales, for every hundred real conversations in it.

Population: goals recorded in the window, over conversations of 60 seconds or longer dialed in the window. Goals count
regardless of when their calls were made and how long they were.
Edge cases: event view: goals count on the day they were recorded, calls on the day they were dialed. In a short or
quiet period the rate can exceed 100%, and no call links the two sides. It is stable where conv_per_conversation still
rises: past periods change only when a disposition is recorded late. Gross: a goal that was cancelled later still
counts. Its range is that of conversations; it cannot be told when none is known while some are possible, or when most
are only possible.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.conversations import METRIC as CONVERSATIONS
from reports.metrics.goal_events import METRIC as GOAL_EVENTS

METRIC = Metric(
    name="event_conv_per_conversation",
    title="Goals recorded per conversation",
    version=3,
    unit="ratio",
    better="higher",
    formula="goal_events / conversations",
    measure=Derived(numerators=(GOAL_EVENTS,), denominators=(CONVERSATIONS,)),
)
