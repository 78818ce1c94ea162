"""Out of a hundred leads, with how many an agent has spoken to the right person.

Population: leads received in the window that are neither tests nor somebody asking again within 30 days. Above the
line, those with a right-party contact at any time up to the report's moment.
Edge cases: leads that cannot be called stay below the line, unlike in list_penetration. Leads received only recently
have had less time to be reached.
"""

from reports.facts.leads import LEADS, contacted, received
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="contact_penetration",
    title="Contact penetration",
    version=1,
    unit="ratio",
    better="higher",
    formula="LC / L: leads with RP / leads",
    frame=LEADS,
    measure=Ratio(numerator=contacted(), denominator=received()),
)
