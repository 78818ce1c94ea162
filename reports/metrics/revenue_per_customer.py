"""Average revenue of a paying customer in the window.

Population: customer_revenue over paying_customers.
Edge cases: a longer window has more revenue of each customer, so compare windows of the same length. The average order
is avg_deal_value.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.customer_revenue import METRIC as CUSTOMER_REVENUE
from reports.metrics.paying_customers import METRIC as PAYING_CUSTOMERS

METRIC = Metric(
    name="revenue_per_customer",
    title="Average revenue per customer",
    version=1,
    unit="money",
    better="higher",
    formula="customer_revenue / paying_customers",
    measure=Derived(numerators=(CUSTOMER_REVENUE,), denominators=(PAYING_CUSTOMERS,)),
)
