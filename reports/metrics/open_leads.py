"""How many leads still wait for their first call.

Population: leads received in the window, without tests and without repeat requests within 30 days. They were neither
called nor closed by the moment of the report.
Edge cases: a single call removes a lead, picked up or not. A call from before the lead was received does so too.
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
