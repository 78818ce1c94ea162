"""Time that agents were logged in, as a share of the time they were scheduled for.

Population: attended_hours over scheduled_hours. It asks whether agents worked as long as planned, at any time of the
day. Some vendors call this adherence.
Edge cases: overtime takes it above 100%. Days without a plan are on neither side. As in schedule_adherence, there is
no interval.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.attended_hours import METRIC as ATTENDED_HOURS
from reports.metrics.scheduled_hours import METRIC as SCHEDULED_HOURS

METRIC = Metric(
    name="schedule_conformance",
    title="Schedule conformance",
    version=1,
    unit="ratio",
    better="neutral",
    formula="attended_hours / scheduled_hours",
    measure=Derived(numerators=(ATTENDED_HOURS,), denominators=(SCHEDULED_HOURS,)),
)
