"""How many appointments were made, regardless of their later outcome.

Population: appointments set in the window, by the moment they were set. A rescheduled appointment keeps its place: it
is one appointment, set once. Appointments from a test call or with a test lead are excluded.
Edge cases: an appointment belongs to the agent it names, else to the agent of its call, else to the owner of the lead.
Appointments set without a call are counted beside the report. The number can differ from appointments, which counts
calls and does not include appointments made by e-mail.
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
