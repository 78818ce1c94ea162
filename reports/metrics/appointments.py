"""How many calls ended with an appointment.

Population: attempts started in the window whose disposition, as of the report, is an appointment, however long the call
was.
Edge cases: these are calls; appointments_set counts the appointments themselves, also those that were not set by a
call, by when they were set. Only held_rate tells whether anybody kept them.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import appointment

METRIC = Metric(
    name="appointments",
    title="Appointments",
    version=1,
    unit="count",
    better="higher",
    formula="AP: attempts whose current disposition is an appointment",
    frame=ATTEMPTS,
    measure=Count(where=appointment()),
)
