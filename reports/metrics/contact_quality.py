"""Quality of the contact, section by section of the form: points given over the most points.

Population: items of evaluations outside of calibration sessions that apply and have points.
Edge cases: break it down by section; over all sections it is the QA score without auto-fails, which take no points
here. The interval takes evaluations as the sample. Read rater_agreement and calibration_spread beside it.
"""

import polars as pl

from reports.facts.evaluated_items import EVALUATED_ITEMS, for_agents
from reports.measures.metric import Metric
from reports.measures.scores import PointsRatio
from reports.metrics.calibration_spread import METRIC as SPREAD
from reports.metrics.evaluations_with_points import METRIC as EVALUATED
from reports.metrics.rater_agreement import METRIC as AGREEMENT
from reports.rules.evaluated import WEIGHTED

METRIC = Metric(
    name="contact_quality",
    title="Contact quality",
    version=1,
    unit="ratio",
    better="higher",
    formula="sum(weight x points) / sum(weight x most points) of the items of a section",
    frame=EVALUATED_ITEMS,
    beside=(EVALUATED, AGREEMENT, SPREAD),
    shown_from=(EVALUATED, 5),
    measure=PointsRatio(
        earned=pl.col("earned"),
        possible=pl.col("possible"),
        where=for_agents(),
        observation=("external_id",),
        per=WEIGHTED,
    ),
)
