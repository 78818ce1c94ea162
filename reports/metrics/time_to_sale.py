"""How many hours pass from the first appointment set with a lead until it buys, for half of the leads.

Population: leads whose first appointment was set in the window; they move on when a call comes to a sale, or when a
deal of theirs is won.
Edge cases: who has not moved on counts for as long as they were seen waiting: until now, until the lead was closed, or
until its last deal was lost. Null, "not reached", while fewer than half have moved on. The numerator and the
denominator tell how many of them have. Leads that had the next stage behind them already are set aside as out of order.
"""

import polars as pl

from reports.facts.stage_moves import STAGE_MOVES, moving_to
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="time_to_sale",
    title="Appointment to sale",
    version=1,
    unit="h",
    better="lower",
    formula="Kaplan-Meier median of the time to sale in hours",
    frame=STAGE_MOVES,
    measure=Survival(duration=pl.col("waited_ms"), event=pl.col("happened"), where=moving_to("sale"), per=3_600_000),
)
