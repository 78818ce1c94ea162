"""Mean answer about satisfaction, 5 is best.

Population: csat_answers.
Edge cases: a mean hides how answers are spread: read csat beside it. Answers on other scales are not included.
"""

import polars as pl

from reports.facts.surveys import SURVEYS
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.metrics.csat_answers import METRIC as ANSWERS
from reports.rules.answers import POINT, answered

METRIC = Metric(
    name="csat_score",
    title="CSAT, mean",
    version=1,
    unit="points",
    better="higher",
    formula="sum of scores / answers on the scale 1 to 5",
    frame=SURVEYS,
    beside=(ANSWERS,),
    shown_from=(ANSWERS, 30),
    measure=Mean(value=pl.col("score"), where=answered("csat"), per=POINT, least=1.0),
)
