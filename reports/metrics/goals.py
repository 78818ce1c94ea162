"""How many calls reached the goal, by default a sale.

Population: attempts whose disposition, as of the report, says the goal was reached, in the period in which they were
dialed.
Edge cases: net: a sale cancelled later is no longer one. Two sales to one lead are two. goal_events counts what was
recorded in the period instead, and keeps what was cancelled.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import goal

METRIC = Metric(
    name="goals",
    title="Goals reached",
    version=1,
    unit="count",
    better="higher",
    formula="S: attempts that reached the goal, net, by the day of the call",
    frame=ATTEMPTS,
    measure=Count(where=goal()),
)
