"""How long customers were on hold, on average, when a person answered and an agent spoke with them.

Population: attempts in which an agent spoke with a person and that have a known hold time. Calls without any hold (0 s)
are included.
Edge cases: if a dialer reports no hold time, the number is empty, not 0. Hold is never part of talk.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.rules.call_populations import human_with_agent

METRIC = Metric(
    name="avg_hold_time",
    title="Average hold time",
    version=1,
    unit="s",
    better="lower",
    formula="sum(hold) / HA: seconds on hold / attempts in which an agent spoke with a person",
    frame=ATTEMPTS,
    measure=Mean(value=pl.col("hold_ms"), where=human_with_agent(), per=1000, least=0),
)
