"""Goals recorded in the period, by default sales, for every hundred calls that went out in it.

Population: goals recorded in the window, regardless of when their calls were made, over valid attempts dialed in the
window.
Edge cases: event view: goals count on the day they were recorded, calls on the day they were dialed. In a short or
quiet period the rate can exceed 100%, and no call links the two sides. It is stable where conv_per_attempt still
rises: past periods change only when a disposition is recorded late. Gross: a goal that was cancelled later still
counts.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.goal_events import METRIC as GOAL_EVENTS
from reports.metrics.valid_attempts import METRIC as VALID_ATTEMPTS

METRIC = Metric(
    name="event_conv_per_attempt",
    title="Goals recorded per attempt",
    version=2,
    unit="ratio",
    better="higher",
    formula="goal_events / valid_attempts",
    measure=Derived(numerators=(GOAL_EVENTS,), denominators=(VALID_ATTEMPTS,)),
)
