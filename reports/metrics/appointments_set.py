"""How many appointments were made, by whatever came of them later.

Population: appointments set in the window, by the moment at which they were set. One that is put off keeps its place:
it is one appointment, set once. Appointments set by a test call, or with a test lead, are out.
Edge cases: an appointment names its agent, else it is that of the agent of the call that set it, else of the owner of
the lead; those set without a call are counted beside the report. This need not be the number of calls that ended with
an appointment (appointments): that one knows nothing of appointments made by e-mail.
"""

from reports.facts.appointments import APPOINTMENTS, was_set
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="appointments_set",
    title="Appointments set",
    version=1,
    unit="count",
    better="higher",
    formula="appointments by when they were set",
    frame=APPOINTMENTS,
    measure=Count(where=was_set()),
)
