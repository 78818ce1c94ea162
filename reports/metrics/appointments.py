"""How many calls ended with an appointment.

Population: attempts started in the window whose disposition, as of the report, is an appointment, however long the call
was.
Edge cases: these are calls; appointments_set counts the appointments themselves, also those that were not set by a
call, by when they were set. Only held_rate tells whether anybody kept them.
"""

from reports.facts.attempts import ATTEMPT_DIMENSIONS, appointment
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="appointments",
    title="Appointments",
    version=1,
    unit="count",
    better="higher",
    formula="AP: attempts whose current disposition is an appointment",
    frame="attempts",
    anchor="dialed_at",
    dimensions=ATTEMPT_DIMENSIONS,
    measure=Count(where=appointment()),
)
