"""Mean distance between the highest and the lowest score that evaluators gave the same call.

Population: calls that at least two evaluators scored by one form in one calibration session.
Edge cases: a spread of 10 to 30 points is usual without calibration. It has no evaluator of its own.
"""

import polars as pl

from reports.facts.calibrations import CALIBRATIONS, SHARE
from reports.measures.averages import Mean
from reports.measures.metric import Metric

METRIC = Metric(
    name="calibration_spread",
    title="Calibration spread",
    version=1,
    unit="ratio",
    better="lower",
    formula="sum(highest score - lowest score) / calls in calibration sessions",
    frame=CALIBRATIONS,
    measure=Mean(value=pl.col("spread"), where=pl.col("spread").is_not_null(), per=SHARE, least=0.0),
)
