"""How many customers there were when the window began.

Population: customers since a day before the first day of the window who had not left before it.
Edge cases: a customer counts once, however many contracts they have. Customers of test leads do not count. Days are
those of the account, in any report.
"""

from reports.facts.customer_spells import CUSTOMER_SPELLS, at_start
from reports.measures.counts import Count
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric

METRIC = Metric(
    name="customers_at_start",
    title="Customers at the start",
    version=1,
    unit="count",
    better="higher",
    formula="customers on the first day of the window, without those won on it",
    frame=CUSTOMER_SPELLS,
    dimensions=CODE_DIMENSIONS,
    measure=Count(where=at_start(), of="customer"),
)
