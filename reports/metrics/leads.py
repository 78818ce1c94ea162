"""How many new people or companies there were to call.

Population: leads received in the window, without tests and without repeat requests within 30 days under the same phone
number.
Edge cases: a lead known only from the calls to it was never received and does not count. For two records with the same
number the first counts; after 30 days of silence it is a new lead. A text that is not a phone number identifies no
person.
"""

from reports.facts.leads import LEADS, received
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="leads",
    title="Leads",
    version=1,
    unit="count",
    better="neutral",
    formula="count L",
    frame=LEADS,
    measure=Count(where=received()),
)
