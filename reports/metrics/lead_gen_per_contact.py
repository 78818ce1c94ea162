"""Qualified leads per contact with the right party.

Population: qualified_leads over contacts. The reach is contacts; the name says so.
Edge cases: as in lead_gen_per_attempt. A lead qualified without a known contact takes the rate up, if only a little.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.contacts import METRIC as CONTACTS
from reports.metrics.qualified_leads import METRIC as QUALIFIED_LEADS

METRIC = Metric(
    name="lead_gen_per_contact",
    title="Lead generation per contact",
    version=1,
    unit="ratio",
    better="higher",
    formula="qualified_leads / contacts",
    measure=Derived(numerators=(QUALIFIED_LEADS,), denominators=(CONTACTS,)),
)
