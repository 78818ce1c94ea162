"""How many calls it took, on average, to speak with the right person for the first time.

Population: leads with their first right-party contact ever in the window. The number is the average position of that
attempt, counted from the first attempt to the lead, by any agent at any time.
Edge cases: leads that were not reached yet are not included, so a team that gives up early looks good. Read
contact_rate_per_lead beside it. Attempts without a lead do not count; cancelled and blocked ones do.
"""

import polars as pl

from reports.facts.first_contacts import FIRST_CONTACTS
from reports.measures.averages import Mean
from reports.measures.metric import Metric

METRIC = Metric(
    name="attempts_per_contact",
    title="Attempts per contact",
    version=1,
    unit="attempts",
    better="lower",
    formula="attempts to leads up to and with their first RP / leads with their first RP in the window",
    frame=FIRST_CONTACTS,
    measure=Mean(value=pl.col("ordinal"), where=~pl.col("test"), least=1),
)
