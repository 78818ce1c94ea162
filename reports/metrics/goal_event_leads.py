"""How many leads had a goal recorded in the period, by default a sale, regardless of when they were called.

Population: distinct leads of the goals recorded in the window (goal_events).
Edge cases: two sales to one lead count once. A lead sold to by two agents counts for each of them and once in the
total. Attempts without a lead do not count.
"""

from reports.facts.goal_events import GOAL_EVENTS, recorded
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="goal_event_leads",
    title="Leads with a goal recorded",
    version=1,
    unit="count",
    better="higher",
    formula="distinct leads of goal_events",
    frame=GOAL_EVENTS,
    measure=Count(where=recorded(), of="lead"),
)
