"""Share of the surveys of any kind that customers answered.

Population: surveys that reached customers, by the moment of their call, else of their own.
Edge cases: an answer with a score off its scale is none. Recent surveys may still be answered. The rates of each kind,
csat_response_rate and nps_response_rate, are the ones to read beside a score.
"""

import polars as pl

from reports.facts.surveys import SURVEYS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="survey_response_rate",
    title="Survey response rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="answers / surveys that reached customers",
    frame=SURVEYS,
    measure=Ratio(numerator=pl.col("answered"), denominator=pl.col("external_id").is_not_null()),
)
