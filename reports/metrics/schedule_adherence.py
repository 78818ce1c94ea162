"""Share of their scheduled time in which agents did what was planned.

Population: adherent_hours over scheduled_hours. It asks whether agents were in the right state at the right time.
Edge cases: working the same hours earlier or later lowers adherence and leaves schedule_conformance as it is. The hours
are known and not a sample, so there is no interval. Without a schedule it is empty.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.adherent_hours import METRIC as ADHERENT_HOURS
from reports.metrics.schedule_conformance import METRIC as CONFORMANCE
from reports.metrics.scheduled_hours import METRIC as SCHEDULED_HOURS

METRIC = Metric(
    name="schedule_adherence",
    title="Schedule adherence",
    version=1,
    unit="ratio",
    better="higher",
    formula="adherent_hours / scheduled_hours",
    measure=Derived(numerators=(ADHERENT_HOURS,), denominators=(SCHEDULED_HOURS,)),
    beside=(CONFORMANCE,),
)
