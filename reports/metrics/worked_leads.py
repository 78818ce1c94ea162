"""How many leads were called at least once.

Population: distinct leads with an attempt dialed in the window.
Edge cases: a lead called by two agents counts for each of them and once in the total. Attempts without a lead do not
count. An attempt cancelled before it rang does, because the lead was worked on.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import attempted

METRIC = Metric(
    name="worked_leads",
    title="Worked leads",
    version=1,
    unit="count",
    better="neutral",
    formula="LW: distinct leads with an attempt",
    frame=ATTEMPTS,
    measure=Count(where=attempted(), of="lead"),
)
