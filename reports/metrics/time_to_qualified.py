"""Hours from the first contact with a lead until it is qualified, for half of the leads.

Population: leads with their first right-party contact in the window. They move on when a call results in qualified,
appointment or sale, or when one of their deals reaches qualified or a later stage.
Edge cases: a lead that has not moved on counts for the time it has waited. The wait ends now, when it was closed, or
when its last deal was lost. Empty ("not reached") while fewer than half have moved on. The numerator and the
denominator state how many of them have. Leads that had already reached the next stage are excluded as out of order.
"""

import polars as pl

from reports.facts.stage_moves import STAGE_MOVES, moving_to
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="time_to_qualified",
    title="Contact to qualified",
    version=1,
    unit="h",
    better="lower",
    formula="Kaplan-Meier median of the time to qualified in hours",
    frame=STAGE_MOVES,
    measure=Survival(
        duration=pl.col("waited_ms"), event=pl.col("happened"), where=moving_to("qualified"), per=3_600_000
    ),
)
