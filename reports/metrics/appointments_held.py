"""How many appointments took place.

Population: appointments scheduled for the window that were held, by the time they were last scheduled for.
Edge cases: an appointment moved to another week counts in that week. An appointment that was not reported as held does
not count; held_rate shows how many there may be.
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
