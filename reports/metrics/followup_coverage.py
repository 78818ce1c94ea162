"""Out of a hundred people who were spoken with and left undecided, with how many somebody got in touch again in time.

Population: leads whose first conversation that left something to do was in the window: a person answered, an agent
spoke with them, it was not the wrong person, and it ended neither with a sale nor an appointment nor a no. They are
followed up when anybody calls them again, or when a person does any follow-up, up to the end of the third business day
after.
Edge cases: business days are those of the calendar of the agent's team. Leads whose third day is not over are out,
followed up or not, and so are leads that were closed before anything was done; both are counted beside the report.
What a machine sends is no follow-up, nor is one of which nobody said when it was done.
"""

from reports.facts.open_contacts import OPEN_CONTACTS, due, followed
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="followup_coverage",
    title="Follow-up coverage",
    version=1,
    unit="ratio",
    better="higher",
    formula="open leads followed up within 3 business days / leads spoken with and left open",
    frame=OPEN_CONTACTS,
    working_time=True,
    measure=Ratio(numerator=followed(), denominator=due()),
)
