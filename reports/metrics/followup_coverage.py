"""Share of undecided people who heard from us again in time.

Population: leads with their first open conversation in the window. A person answered, an agent spoke with them, and it
was not the wrong person. It ended neither with a sale nor an appointment nor a no. A lead is followed up if it is
called again, or a person does any follow-up, by the end of the third business day.
Edge cases: business days are those of the calendar of the agent's team. Leads are excluded until their third day is
over, followed up or not. Leads closed before any follow-up are excluded too. The report counts both. Automatic messages
are no follow-up, and neither is a follow-up without a time. The bounds add the leads that may have been spoken with:
nothing tells who answered their calls, or who handled them.
"""

from reports.facts.open_contacts import OPEN_CONTACTS, due, followed, perhaps_due
from reports.measures.bounded_ratio import ratio_among
from reports.measures.metric import Metric

METRIC = Metric(
    name="followup_coverage",
    title="Follow-up coverage",
    version=3,
    unit="ratio",
    better="higher",
    formula="open leads followed up within 3 business days / leads spoken with and left open",
    frame=OPEN_CONTACTS,
    working_time=True,
    measure=ratio_among(followed(), due(), doubtful=perhaps_due()),
)
