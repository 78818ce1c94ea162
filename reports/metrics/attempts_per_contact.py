"""How many calls it took, on average, to speak with the right person for the first time.

Population: leads whose first right-party contact ever was in the window; what is averaged is which attempt to the lead
that was, counted from its very first one, by whomever and whenever.
Edge cases: leads nobody has reached yet are not in it, so it is a number of the successful ones, and a floor that gives
up early looks good: read contact_rate_per_lead beside it. Attempts without a lead do not count; cancelled and blocked
ones do.
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
