"""Share of the customers at the start of the window that were lost in it.

Population: customers_at_start. Customers won inside the window are on neither side, lost or not.
Edge cases: a longer window has a higher share, so compare windows of the same length. A new contract on the day after
the last one is no loss. A customer who leaves and comes back within the window was lost.
"""

from reports.facts.customer_spells import CUSTOMER_SPELLS, at_start, lost_since
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="customer_churn",
    title="Customer churn",
    version=1,
    unit="ratio",
    better="lower",
    formula="customers at the start who were lost / customers at the start",
    frame=CUSTOMER_SPELLS,
    dimensions=CODE_DIMENSIONS,
    measure=Ratio(numerator=lost_since(), denominator=at_start(), of="customer"),
)
