"""Gross profit of a customer over the time they stay, as far as customers could be observed.

Population: monthly_gross_profit over customer_months, times expected_customer_months. Customers who bought once are not
included: their value is the gross profit of the sale.
Edge cases: it assumes no constant churn and guesses nothing beyond the observed time, so it grows with the history of
the account. It is not discounted. Empty where no monthly gross profit is known.
"""

from reports.measures.metric import Derived, Metric
from reports.metrics.customer_months import METRIC as CUSTOMER_MONTHS
from reports.metrics.expected_customer_months import METRIC as EXPECTED_CUSTOMER_MONTHS
from reports.metrics.monthly_gross_profit import METRIC as MONTHLY_GROSS_PROFIT

METRIC = Metric(
    name="customer_lifetime_value",
    title="Customer lifetime value",
    version=1,
    unit="money",
    better="higher",
    formula="monthly_gross_profit / customer_months x expected_customer_months",
    measure=Derived(numerators=(MONTHLY_GROSS_PROFIT, EXPECTED_CUSTOMER_MONTHS), denominators=(CUSTOMER_MONTHS,)),
)
