"""How many calls came in and were offered to a queue or an agent.

Population: inbound calls that were offered: they entered a queue or rang at an agent. Tests, spam and calls that ended
in the voice menu do not count.
Edge cases: answered, abandoned and missed calls, voicemails, chosen callbacks and calls that still wait add up to this
number. Calls that were busy or blocked before they reached the system are unknown. Repeat calls count each time;
unique_callers counts people.
"""

import polars as pl

from reports.facts.inbound_calls import INBOUND_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="offered_calls",
    title="Calls offered",
    version=1,
    unit="count",
    better="neutral",
    formula="offered inbound calls, by arrival",
    frame=INBOUND_CALLS,
    measure=Count(where=pl.col("offered")),
)
