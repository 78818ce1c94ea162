"""How long customers were on hold, on average, when a call was answered and an agent handled it.

Population: answered attempts that an agent handled, not known to be answered by a machine, with a known hold time.
Calls without any hold (0 s) are included.
Edge cases: if a dialer reports no hold time, the number is empty, not 0. Hold is never part of talk.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.rules.call_populations import agent_on_the_line

METRIC = Metric(
    name="avg_hold_time",
    title="Average hold time",
    version=3,
    unit="s",
    better="lower",
    formula="sum(hold) / AT: seconds on hold / answered attempts of agents, machines left out",
    frame=ATTEMPTS,
    measure=Mean(value=pl.col("hold_ms"), where=agent_on_the_line(), per=1000, least=0),
)
