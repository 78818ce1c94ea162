"""Share of leads in which an agent has spoken to the right person.

Population: leads received in the window, without tests and without repeat requests within 30 days. The numerator counts
those with a right-party contact at any time up to the moment of the report.
Edge cases: leads that cannot be called stay in the denominator, unlike in list_penetration. Recent leads have had less
time to be reached. Upper bound: the rate if every lead had been reached that a call may have reached; see rpc_rate.
"""

from reports.facts.leads import LEADS, contacted, possibly_contacted, received
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="contact_penetration",
    title="Contact penetration",
    version=3,
    unit="ratio",
    better="higher",
    formula="LC / L: leads with RP / leads",
    frame=LEADS,
    measure=Ratio(numerator=contacted(), denominator=received(), unknown=possibly_contacted()),
)
