"""How many goals were recorded in the period, by default sales, whenever their calls were made.

Population: attempts whose disposition first said in the window that the goal was reached, by the time at which it was
set. Gross: a sale that was cancelled later stays one.
Edge cases: of one call it counts once, the first time, also when it was cancelled and sold again. goals counts by the
day of the call and net of what was cancelled. For a past moment (as_of) it counts what was known then.
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
