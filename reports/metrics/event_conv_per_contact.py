"""Goals recorded in the period, by default sales, for every hundred contacts with the right person in it.

Population: goals recorded in the window, regardless of when their calls were made, over right-party contacts dialed in
the window.
Edge cases: event view: goals count on the day they were recorded, calls on the day they were dialed. In a short or
quiet period the rate can exceed 100%, and no call links the two sides. It is stable where conv_per_contact still
rises: past periods change only when a disposition is recorded late. Gross: a goal that was cancelled later still
counts. Its range is that of contacts; it cannot be told when none is known while some are possible, or when most are
only possible.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.contacts import METRIC as CONTACTS
from reports.metrics.goal_events import METRIC as GOAL_EVENTS

METRIC = Metric(
    name="event_conv_per_contact",
    title="Goals recorded per contact",
    version=3,
    unit="ratio",
    better="higher",
    formula="goal_events / contacts",
    measure=Derived(numerators=(GOAL_EVENTS,), denominators=(CONTACTS,)),
)
