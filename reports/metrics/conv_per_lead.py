"""Out of a hundred leads that were called, how many bought.

Population: distinct leads with at least one attempt in the window; a lead that bought has at least one attempt in the
window whose disposition, as of the report, is a sale. Retries do not lower it, and two sales to one lead count once.
Edge cases: attempts without a lead do not count. A lead worked by two agents counts for each of them and once in the
total, so the rows add up to more than the total. Leads called only recently have had less time to buy.
"""

from reports.facts.attempts import ATTEMPT_DIMENSIONS, attempted, goal
from reports.measures import Ratio
from reports.metric import Metric

METRIC = Metric(
    name="conv_per_lead",
    title="Sales per lead",
    version=1,
    unit="ratio",
    better="higher",
    formula="leads with S / LW: distinct leads with a sale / distinct leads with an attempt",
    frame="attempts",
    anchor="dialed_at",
    dimensions=ATTEMPT_DIMENSIONS,
    measure=Ratio(numerator=goal(), denominator=attempted(), of="lead"),
)
