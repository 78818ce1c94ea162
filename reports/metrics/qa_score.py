"""Quality score of calls: weighted points that evaluators gave, over the most points they could give.

Population: evaluations by when they were made, outside of calibration sessions, with points to earn. Items that do not
apply leave both sums.
Edge cases: no points for an auto-fail item take all points from the evaluation. It is a ratio of sums, so a long form
weighs more than a short one: compare by form and version. Evaluators differ by 10 to 30 points: read rater_agreement
and calibration_spread beside it. Pages and the terminal show it from 5 evaluations with
points on.
"""

import polars as pl

from reports.facts.evaluations import EVALUATIONS, scored
from reports.measures.metric import Metric
from reports.measures.scores import PointsRatio
from reports.metrics.calibration_spread import METRIC as SPREAD
from reports.metrics.evaluations_with_points import METRIC as EVALUATED
from reports.metrics.evaluators import METRIC as EVALUATORS
from reports.metrics.rater_agreement import METRIC as AGREEMENT
from reports.rules.evaluated import WEIGHTED

METRIC = Metric(
    name="qa_score",
    title="QA score",
    version=1,
    unit="ratio",
    better="higher",
    formula="sum(weight x points) / sum(weight x most points), 0 after an auto-fail",
    frame=EVALUATIONS,
    beside=(EVALUATED, EVALUATORS, AGREEMENT, SPREAD),
    shown_from=(EVALUATED, 5),
    measure=PointsRatio(
        earned=pl.col("earned"),
        possible=pl.col("possible"),
        where=scored(),
        observation=("external_id",),
        per=WEIGHTED,
    ),
)
