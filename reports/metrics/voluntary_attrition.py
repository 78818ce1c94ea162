"""Share of the staff that chooses to leave in a year, at the pace of the window.

Population: voluntary_leavers over staff_years.
Edge cases: as in attrition. If it is not known whether some leavers chose to go, the number has a range.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.staff_years import METRIC as STAFF_YEARS
from reports.metrics.voluntary_leavers import METRIC as VOLUNTARY_LEAVERS

METRIC = Metric(
    name="voluntary_attrition",
    title="Voluntary attrition a year",
    version=1,
    unit="ratio",
    better="lower",
    formula="voluntary_leavers / staff_years",
    measure=Derived(numerators=(VOLUNTARY_LEAVERS,), denominators=(STAFF_YEARS,)),
)
