"""How many new people or companies there were to call.

Population: leads received in the window that are neither tests nor somebody asking again within 30 days under the
same phone number.
Edge cases: a lead known only from the calls to it was never received and does not count. Of two records with the same
number the first counts; after 30 days of silence it is a new lead. What is not a phone number is nobody's in
particular.
"""

from reports.facts.leads import LEADS, received
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="leads",
    title="Leads",
    version=1,
    unit="count",
    better="higher",
    formula="count L",
    frame=LEADS,
    measure=Count(where=received()),
)
