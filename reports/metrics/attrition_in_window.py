"""Share of the staff that left within the window.

Population: leavers over mean_headcount.
Edge cases: a longer window has a higher share, so compare windows of the same length. attrition scales it to a year.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.leavers import METRIC as LEAVERS
from reports.metrics.mean_headcount import METRIC as MEAN_HEADCOUNT

METRIC = Metric(
    name="attrition_in_window",
    title="Attrition in the window",
    version=1,
    unit="ratio",
    better="lower",
    formula="leavers / mean_headcount",
    measure=Derived(numerators=(LEAVERS,), denominators=(MEAN_HEADCOUNT,)),
)
