"""How long an agent worked after an answered call, on average.

Population: answered attempts that an agent handled, not known to be answered by a machine, with a known wrap time.
Edge cases: wrap after voicemail and unanswered calls is work too, but is not included. The averages of talk, hold and
wrap cover the same calls. If a dialer reports no wrap time, the number is empty, not 0.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.rules.call_populations import agent_on_the_line

METRIC = Metric(
    name="avg_wrap_time",
    title="Average wrap time",
    version=3,
    unit="s",
    better="neutral",
    formula="sum(wrap) / AT: seconds of wrap / answered attempts of agents, machines left out",
    frame=ATTEMPTS,
    measure=Mean(value=pl.col("wrap_ms"), where=agent_on_the_line(), per=1000, least=0),
)
