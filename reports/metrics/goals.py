"""How many calls reached the goal, by default a sale.

Population: attempts with a disposition that states the goal, as of the report, in the period they were dialed in.
Edge cases: net: a sale cancelled later no longer counts. Two sales to one lead are two. goal_events counts by the
period of recording instead, and still counts cancelled goals.
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
