"""Share of the staff that leaves in a year, at the pace of the window.

Population: leavers over staff_years: leavers over the mean headcount, times twelve over the months of the window.
Edge cases: internal moves do not count. Three leavers among thirty agents in a quarter are 40% a year. A short window
has a wide interval. attrition_in_window is the share without that scaling.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.leavers import METRIC as LEAVERS
from reports.metrics.staff_years import METRIC as STAFF_YEARS

METRIC = Metric(
    name="attrition",
    title="Attrition a year",
    version=1,
    unit="ratio",
    better="lower",
    formula="leavers / staff_years: leavers / mean headcount x 12 / months",
    measure=Derived(numerators=(LEAVERS,), denominators=(STAFF_YEARS,)),
)
