"""Hours from the qualification of a lead until an appointment with it is set, for half of the leads.

Population: leads first qualified in the window. They move on when a call results in an appointment, or one is set in
any other way.
Edge cases: a lead that has not moved on counts for the time it has waited. The wait ends now, when it was closed, or
when its last deal was lost. Empty ("not reached") while fewer than half have moved on. The numerator and the
denominator state how many of them have. Leads that had already reached the next stage are excluded as out of order.
"""

import polars as pl

from reports.facts.stage_moves import STAGE_MOVES, moving_to
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="time_to_appointment",
    title="Qualified to appointment",
    version=1,
    unit="h",
    better="lower",
    formula="Kaplan-Meier median of the time to appointment in hours",
    frame=STAGE_MOVES,
    measure=Survival(
        duration=pl.col("waited_ms"), event=pl.col("happened"), where=moving_to("appointment"), per=3_600_000
    ),
)
