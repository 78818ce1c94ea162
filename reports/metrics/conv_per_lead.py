"""Share of called leads that reached the goal, by default a sale.

Population: distinct leads with at least one attempt in the window. A lead reached the goal when any attempt to it says
so, from its first one in the window until the report. Later attempts count too, by any agent.
Edge cases: cohort view: recently called leads have had less time, so recent windows rise; the age of the cohort is
beside it. A goal counts for the agent, source and campaign of the attempt that reached it. Its moment is that of the
lead's last attempt in the window up to then. A lead counts for all agents who called it in the window, and for the
agent who reached its goal. So rows add up to more than the total, which counts every lead once. Net: a cancelled sale
no longer counts. Attempts without a lead do not count.
"""

from reports.facts.pursuits import PURSUITS, worked
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import goal

METRIC = Metric(
    name="conv_per_lead",
    title="Conversion per lead",
    version=2,
    unit="ratio",
    better="higher",
    formula="leads with S by now / LW: leads worked in the window that reached the goal by now / leads worked",
    frame=PURSUITS,
    measure=Ratio(numerator=goal(), denominator=worked(), of="lead"),
)
