"""How many of the goals recorded in the period, by default sales, no longer stand.

Population: of the goals recorded in the window (goal_events), those whose call has another disposition as of the
report.
Edge cases: it tells what became of the period's goals, not what was cancelled in the period: gross less cancelled is
what is left of them. A disposition code that loses its meaning takes its goals away from both.
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
