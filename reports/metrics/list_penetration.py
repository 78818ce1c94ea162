"""Share of the leads that can and may be called that have been called.

Population: leads received in the window, without tests and without repeat requests within 30 days, that are dialable.
The number is a phone number or was called, and the last call did not find it dead. The lead did not ask never to be
called again. The numerator counts those called at any time up to the moment of the report.
Edge cases: the report's moment decides whether a lead is dialable, so a lead that asked not to be called leaves both
sides. Closed leads stay in. A call to a later record of the same number within 30 days counts. A lead without an owner
belongs to the agent who called it first. By agent, leads without a call are therefore in the row without an agent, and
an agent who owns none seems to leave none out.
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
