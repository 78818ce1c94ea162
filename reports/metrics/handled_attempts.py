"""How many outbound calls agents handled.

Population: attempts that were picked up and that an agent handled. A machine may have picked up.
Edge cases: a call that an agent left on voicemail was handled; a call that no agent took was not. Range: up to every
answered call with an unknown handler.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.rules.call_populations import answered, handler_unknown

METRIC = Metric(
    name="handled_attempts",
    title="Handled attempts",
    version=1,
    unit="count",
    better="neutral",
    formula="attempts answered and handled by an agent",
    frame=ATTEMPTS,
    measure=Count(where=answered() & (pl.col("handled") == "agent"), unknown=handler_unknown()),
)
