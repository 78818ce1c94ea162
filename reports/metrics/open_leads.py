"""How many leads still wait for their first call.

Population: leads received in the window that are neither tests nor somebody asking again within 30 days, that nobody
has called and nobody has closed by the report's moment.
Edge cases: calling a lead once takes it out, whoever picked up. A call from before the lead was received does so too.
"""

from reports.facts.leads import LEADS, waiting
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="open_leads",
    title="Open leads",
    version=1,
    unit="count",
    better="lower",
    formula="count of L without an attempt, not closed",
    frame=LEADS,
    measure=Count(where=waiting()),
)
