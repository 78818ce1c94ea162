"""Share of the monthly revenue at the start of the window that was lost in it.

Population: lost_revenue over revenue_at_start. Customers won inside the window are on neither side.
Edge cases: empty where nothing was lost of known value; customer_churn tells how many were lost. It weighs customers by
what they pay: a single large customer may make most of it.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.lost_revenue import METRIC as LOST_REVENUE
from reports.metrics.revenue_at_start import METRIC as REVENUE_AT_START

METRIC = Metric(
    name="revenue_churn",
    title="Revenue churn",
    version=1,
    unit="ratio",
    better="lower",
    formula="lost_revenue / revenue_at_start",
    measure=Derived(numerators=(LOST_REVENUE,), denominators=(REVENUE_AT_START,)),
)
