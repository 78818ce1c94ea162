"""Time that agents spent talking, holding or wrapping up, as a share of the time they were scheduled for.

Population: handling_hours over scheduled_hours, planned breaks, training and meetings included. Scheduled time stands
for paid time; utilization has logged-in time instead.
Edge cases: work outside the plan is in the numerator only, so overtime can take it above 100%. It is empty without
schedules. As in occupancy, there is no interval.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.handling_hours import METRIC as HANDLING_HOURS
from reports.metrics.scheduled_hours import METRIC as SCHEDULED_HOURS

METRIC = Metric(
    name="scheduled_utilization",
    title="Utilization of scheduled time",
    version=1,
    unit="ratio",
    better="neutral",
    formula="handling_hours / scheduled_hours: talking + holding + wrapping / all planned time but off",
    measure=Derived(numerators=(HANDLING_HOURS,), denominators=(SCHEDULED_HOURS,)),
)
