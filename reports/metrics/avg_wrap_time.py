"""How long an agent worked after a call with a person, on average.

Population: attempts in which an agent spoke with a person, with a known wrap time.
Edge cases: wrap after voicemail and unanswered calls is work too, but is not included. The averages of talk, hold and
wrap cover the same calls. If a dialer reports no wrap time, the number is empty, not 0.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.rules.call_populations import human_with_agent

METRIC = Metric(
    name="avg_wrap_time",
    title="Average wrap time",
    version=1,
    unit="s",
    better="band",
    formula="sum(wrap) / HA: seconds of wrap / attempts in which an agent spoke with a person",
    frame=ATTEMPTS,
    measure=Mean(value=pl.col("wrap_ms"), where=human_with_agent(), per=1000, least=0),
)
