"""How many appointments took place.

Population: appointments scheduled for the window that were held, by the time for which they were last scheduled.
Edge cases: one that was put off to another week counts there. What nobody has reported as held is not held: see
held_rate for how much that may be.
"""

from reports.facts.meetings import MEETINGS, held
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="appointments_held",
    title="Appointments held",
    version=1,
    unit="count",
    better="higher",
    formula="appointments that were held, by when they were scheduled",
    frame=MEETINGS,
    measure=Count(where=held()),
)
