"""How many qualified deals were being worked on.

Population: deals that were open at some moment of the window: qualified before its end, and won or lost, if at all,
after it began. Deals are stale after 30 days without a call to their lead or a move, up to the end of the window or
now. Stale deals are excluded and counted separately.
Edge cases: a reopened deal counts as open since it was first qualified. By time, a deal is where it was first open in
the window. A deal lost before it was qualified is no opportunity.
"""

from reports.facts.opportunities import OPPORTUNITIES, still_open
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="open_opportunities",
    title="Open opportunities",
    version=1,
    unit="count",
    better="neutral",
    formula="deals that were qualified, open in the window, not stale",
    frame=OPPORTUNITIES,
    anchor="open_at",
    measure=Count(where=still_open()),
)
