"""How many calls managers share with teams for coaching.

Population: calls shared in the window and not withdrawn by the moment of the report. A call shared with two teams
counts twice.
Edge cases: the team is the one that should listen; the agent is the agent of the call. Test calls are excluded.
"""

import polars as pl

from reports.facts.shared_calls import SHARED_CALLS
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="shared_calls",
    title="Calls shared for coaching",
    version=1,
    unit="count",
    better="neutral",
    formula="calls shared with a team",
    frame=SHARED_CALLS,
    measure=Count(where=~pl.col("withdrawn")),
)
