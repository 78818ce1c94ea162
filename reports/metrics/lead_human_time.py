"""How long it takes until a person has picked up for half of the leads.

Population: as in lead_response_time. A lead counts for the time it has waited so far while no person has picked up.
Edge cases: any person who picks up counts, the right one or not, even if no agent was there to talk. The clock stops at
the moment that call was dialed. Lower bound: every unknown answerer stops it. It cannot be told when no person is known
to have picked up while some may have, or when most leads are in doubt.
"""

import polars as pl

from reports.facts.leads import LEADS, possibly_spoken, received, spoken
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="lead_human_time",
    title="Time to first answer by a person",
    version=3,
    unit="s",
    better="lower",
    formula="Kaplan-Meier median of first human-answered attempt - received",
    frame=LEADS,
    measure=Survival(
        duration=pl.col("human_ms"),
        event=spoken(),
        where=received(),
        possible=(pl.col("possible_human_ms"), possibly_spoken()),
    ),
)
