"""How many goals were recorded in the period, by default sales, regardless of when their calls were made.

Population: attempts with a disposition that first stated the goal in the window, by the time it was set. Gross: a sale
that was cancelled later still counts.
Edge cases: each call counts once, the first time, even after a cancellation and a second sale. In contrast, goals
counts by the day of the call, net of cancellations. For a past moment (as_of) it counts the goals known then.
"""

from reports.facts.goal_events import GOAL_EVENTS, recorded
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="goal_events",
    title="Goals recorded",
    version=1,
    unit="count",
    better="higher",
    formula="attempts whose disposition first said so in the window, gross",
    frame=GOAL_EVENTS,
    measure=Count(where=recorded()),
)
