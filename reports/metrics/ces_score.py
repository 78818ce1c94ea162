"""Mean answer about effort, 7 is easiest.

Population: answers to CES surveys on the scale 1 to 7, by the moment of the call.
Edge cases: a mean hides how answers are spread. Answers on other scales are not included.
"""

import polars as pl

from reports.facts.surveys import SURVEYS
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.metrics.ces_response_rate import METRIC as RESPONSES
from reports.rules.answers import POINT, answered

METRIC = Metric(
    name="ces_score",
    title="Customer effort score",
    version=1,
    unit="points",
    better="higher",
    formula="sum of scores / answers on the scale 1 to 7",
    frame=SURVEYS,
    beside=(RESPONSES,),
    measure=Mean(value=pl.col("score"), where=answered("ces"), per=POINT, least=1.0),
)
