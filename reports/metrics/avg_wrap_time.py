"""How long an agent worked on a call after it was over, on average, when they had spoken with a person.

Population: attempts in which an agent spoke with a person and whose wrap time is known.
Edge cases: wrap after voicemail and unanswered calls is work too, but is not in it: the averages of talk, hold and
wrap are over the same kind of call. A dialer that reports no wrap time has no value, not 0.
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
