"""Out of a hundred leads that can be called and may be, how many have been.

Population: leads received in the window that are neither tests nor somebody asking again within 30 days, and that are
dialable: the number is a phone number, or was called; the last call did not find it dead; and nobody asked not to be
called again. Above the line, those that have been called at any time up to the report's moment.
Edge cases: whether a lead is dialable is told as of the report, so a lead that asked not to be called leaves both
sides. Closed leads stay in. A call to a later record of the same number within 30 days counts. A lead without an
owner is that of whoever called it first, so by agent those that nobody has called stand under no agent and an agent
who owns none seems to leave none out.
"""

from reports.facts.leads import LEADS, called, dialable, received
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="list_penetration",
    title="List penetration",
    version=1,
    unit="ratio",
    better="higher",
    formula="dialable leads with an attempt / dialable leads",
    frame=LEADS,
    measure=Ratio(numerator=called(), denominator=received() & dialable()),
)
