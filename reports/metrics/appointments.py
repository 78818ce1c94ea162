"""How many calls ended with an appointment.

Population: attempts started in the window with an appointment as their disposition, as of the report. The length of the
call does not matter.
Edge cases: this counts calls. appointments_set counts the appointments themselves by the moment they were set, also
those made without a call. Only held_rate shows whether appointments took place.
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
