"""How many customers paid something in the window.

Population: distinct customers with a contract of a value above 0 on a day of the window, or with such a sale in it.
Edge cases: a customer with several contracts counts once. A value without an exchange rate does not count.
"""

from reports.facts.contract_months import CONTRACT_MONTHS, paying
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="paying_customers",
    title="Paying customers",
    version=1,
    unit="count",
    better="higher",
    formula="distinct customers with revenue",
    frame=CONTRACT_MONTHS,
    measure=Count(where=paying(), of="customer"),
)
