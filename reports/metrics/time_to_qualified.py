"""How many hours pass from the first contact with a lead until it is qualified, for half of the leads.

Population: leads whose right party was first reached in the window; they move on when a call comes to qualified,
appointment or sale, or when a deal of theirs is qualified or further.
Edge cases: who has not moved on counts for as long as they were seen waiting: until now, until the lead was closed, or
until its last deal was lost. Null, "not reached", while fewer than half have moved on. The numerator and the
denominator tell how many of them have. Leads that had the next stage behind them already are set aside as out of order.
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
