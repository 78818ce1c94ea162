"""Share of the calls that went out that reached the goal, by default a sale.

Population: valid attempts. An attempt reached the goal if its disposition, as of the report, says so. Two sales to one
lead count twice, because each was a call.
Edge cases: cohort view: a goal counts in the period of its call, however late the disposition came, so recent days
rise. Net: a cancelled sale no longer counts once its disposition is changed. event_conv_per_attempt is gross, by the
day the goal was recorded.
"""

from reports.facts.attempts import ATTEMPTS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.rules.call_populations import goal, valid

METRIC = Metric(
    name="conv_per_attempt",
    title="Conversion per attempt",
    version=2,
    unit="ratio",
    better="higher",
    formula="S / A_v: attempts that reached the goal / valid attempts",
    frame=ATTEMPTS,
    measure=Ratio(numerator=goal(), denominator=valid()),
)
