"""Out of a hundred calls that went out, how many ended in a sale.

Population: valid attempts; a sale is an attempt whose disposition, as of the report, is a sale. Two sales to one lead
count twice, for each was a call.
Edge cases: sales are counted in the period of their call, however late the disposition came; recent days grow. A
cancelled sale counts until its disposition is changed.
"""

from reports.facts.attempts import ATTEMPT_DIMENSIONS, goal, valid
from reports.measures import Ratio
from reports.metric import Metric

METRIC = Metric(
    name="conv_per_attempt",
    title="Sales per attempt",
    version=1,
    unit="ratio",
    better="higher",
    formula="S / A_v: attempts that ended in a sale / valid attempts",
    frame="attempts",
    anchor="dialed_at",
    dimensions=ATTEMPT_DIMENSIONS,
    measure=Ratio(numerator=goal(), denominator=valid()),
)
