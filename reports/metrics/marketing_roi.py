"""Out of every unit of money spent on marketing, how much came back as gross profit beyond itself.

Population: attributed_gross_profit of the window, over marketing_cost of the window.
Edge cases: null where nothing was spent. 0 is getting back just what was spent; -100 % is getting nothing back.
Attributed does not mean caused: what would have been sold without marketing takes an experiment to know. Deals whose
gross profit nobody reported count as none.
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
