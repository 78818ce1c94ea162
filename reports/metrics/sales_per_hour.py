"""How many sales an agent makes in an hour of work, on average.

Population: attempts whose current disposition is a sale, over the hours agents were available (waiting, dialing,
talking, holding or wrapping up). Breaks and offline time are not among the hours.
Edge cases: the interval is that of the count (Poisson's), for the hours are known. Calls without an agent count in the
total, though nobody's hours went into them. Time has no source: by source, campaign or tracking number it cannot be
said how long was worked for each, and the hours stand in the row without one. Null where no states were sent.
"""

from reports.composites import Product
from reports.facts.attempts import CODES_OF_A_CALL, TIMES
from reports.metric import Metric
from reports.metrics.available_hours import METRIC as AVAILABLE_HOURS
from reports.metrics.sales import METRIC as SALES

METRIC = Metric(
    name="sales_per_hour",
    title="Sales per hour",
    version=1,
    unit="per_hour",
    better="higher",
    formula="sales / available_hours",
    dimensions=(*CODES_OF_A_CALL, *TIMES),
    measure=Product(over=(SALES,), under=(AVAILABLE_HOURS,)),
)
