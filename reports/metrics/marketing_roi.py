"""Gross profit returned by each unit of money spent on marketing, after the money itself.

Population: attributed_gross_profit of the window, over marketing_cost of the window.
Edge cases: empty where nothing was spent. 0 means that exactly the money spent came back; -100% means that nothing
came back. Attributed does not mean caused: only an experiment shows what would have been sold without marketing. Deals
without a reported gross profit count as none.
"""

from reports.measures.metric import Metric, Return
from reports.metrics.attributed_gross_profit import METRIC as PROFIT
from reports.metrics.marketing_cost import METRIC as COST

METRIC = Metric(
    name="marketing_roi",
    title="Marketing ROI",
    version=1,
    unit="ratio",
    better="higher",
    formula="(attributed gross profit - marketing cost) / marketing cost",
    per_model=True,
    measure=Return(gain=PROFIT, cost=COST),
)
