"""Share of the script's items that agents fulfilled.

Population: items of the script that apply, in evaluations outside of calibration sessions.
Edge cases: an item is fulfilled with all its points; part of the points is not enough. Weights play no part. Read
rater_agreement and calibration_spread beside it. Pages and the terminal show it from 5 evaluations with an item of the
script on.
"""

from reports.facts.evaluated_items import EVALUATED_ITEMS, in_script, observed
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.metrics.calibration_spread import METRIC as SPREAD
from reports.metrics.evaluations_with_script import METRIC as EVALUATED
from reports.metrics.rater_agreement import METRIC as AGREEMENT

METRIC = Metric(
    name="script_adherence",
    title="Script adherence",
    version=1,
    unit="ratio",
    better="higher",
    formula="script items with all points / script items that apply",
    frame=EVALUATED_ITEMS,
    beside=(EVALUATED, AGREEMENT, SPREAD),
    shown_from=(EVALUATED, 5),
    measure=Ratio(numerator=observed(), denominator=in_script()),
)
