"""How many of the goals recorded in the period, by default sales, no longer stand.

Population: goals recorded in the window (goal_events) with a call that has another disposition as of the report.
Edge cases: it shows the outcome of the period's goals, not the cancellations made in the period. Gross less cancelled
is the number that remains. A disposition code that loses its meaning removes its goals from both.
"""

from reports.facts.goal_events import GOAL_EVENTS, cancelled
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="cancelled_goals",
    title="Goals cancelled",
    version=1,
    unit="count",
    better="lower",
    formula="goals recorded in the window that the current disposition no longer says",
    frame=GOAL_EVENTS,
    measure=Count(where=cancelled()),
)
