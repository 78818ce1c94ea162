"""Hours from the first call to a lead until its right party is reached, for half of the leads.

Population: leads first called in the window. They move on with the first call in which an agent spoke with the right
party.
Edge cases: a lead that has not moved on counts for the time it has waited. The wait ends now, when it was closed, or
when its last deal was lost. Empty ("not reached") while fewer than half have moved on. The numerator and the
denominator state how many of them have. Leads that had already reached the next stage are excluded as out of order.
"""

import polars as pl

from reports.facts.stage_moves import STAGE_MOVES, moving_to
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="time_to_contact",
    title="First call to contact",
    version=1,
    unit="h",
    better="lower",
    formula="Kaplan-Meier median of the time to contact in hours",
    frame=STAGE_MOVES,
    measure=Survival(duration=pl.col("waited_ms"), event=pl.col("happened"), where=moving_to("contact"), per=3_600_000),
)
