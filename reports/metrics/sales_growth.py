"""How much more revenue was won than in the like period before.

Population: won_revenue of the window over earlier_revenue, less one. The like period has the same length and weekdays.
Edge cases: empty where nothing was won in the earlier period. Nothing won now is a loss of 100%. The interval treats
the earlier revenue as known.
"""

from reports.measures.metric import Metric, Return
from reports.metrics.earlier_revenue import METRIC as EARLIER_REVENUE
from reports.metrics.won_revenue import METRIC as WON_REVENUE

METRIC = Metric(
    name="sales_growth",
    title="Sales growth",
    version=1,
    unit="ratio",
    better="higher",
    formula="won_revenue / earlier_revenue - 1",
    measure=Return(gain=WON_REVENUE, cost=EARLIER_REVENUE),
)
