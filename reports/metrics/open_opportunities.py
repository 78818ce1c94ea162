"""How many deals that were qualified somebody was working on.

Population: deals that were open at some moment of the window: qualified before its end, and won or lost, if at all,
after it began. Deals without a call to their lead or a move for 30 days before the end of the window (or before now)
are stale: they are left out and counted apart.
Edge cases: a deal that was reopened counts as open since it was first qualified. Broken down by time, a deal stands
where it was first open in the window. A deal that was given up before it was qualified is no opportunity.
"""

from reports.facts.opportunities import OPPORTUNITIES, still_open
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="open_opportunities",
    title="Open opportunities",
    version=1,
    unit="count",
    better="higher",
    formula="deals that were qualified, open in the window, not stale",
    frame=OPPORTUNITIES,
    anchor="open_at",
    measure=Count(where=still_open()),
)
