"""How many sales an agent makes in an hour of work, on average.

Population: attempts whose current disposition is a sale, over the hours agents were available (waiting, dialing,
talking, holding or wrapping up). Breaks and offline time are not among the hours.
Edge cases: the interval is that of the count (Poisson's), for the hours are known. Calls without an agent count in the
total, though nobody's hours went into them. Time has no source: nobody can say how long was worked for each, so that
by source, campaign or tracking number there is no number, only in total. Nor is there where no states were sent.
"""

from reports.facts.agent_time import NOWHERE
from reports.facts.attempts import CODES_OF_A_CALL, TIMES
from reports.measures.composites import Derived
from reports.measures.metric import Metric
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
    measure=Derived(numerators=(SALES,), denominators=(AVAILABLE_HOURS,), incompatible_dimensions=NOWHERE),
)
