"""How long it takes until an agent has spoken with the right person for half of the leads.

Population: as in lead_response_time. A lead not reached yet counts for the time it has waited so far.
Edge cases: a machine, a gatekeeper or a wrong person does not stop the clock. It stops at the moment the right-party
call was dialed. Lower bound: every call stops it that may have reached the right party; see rpc_rate. It cannot be
told when no lead is known to be reached while some may be, or when most leads are in doubt.
"""

import polars as pl

from reports.facts.leads import LEADS, contacted, possibly_contacted, received
from reports.measures.durations import Survival
from reports.measures.metric import Metric

METRIC = Metric(
    name="lead_contact_time",
    title="Time to first contact",
    version=3,
    unit="s",
    better="lower",
    formula="Kaplan-Meier median of first RP - received",
    frame=LEADS,
    measure=Survival(
        duration=pl.col("contact_ms"),
        event=contacted(),
        where=received(),
        possible=(pl.col("possible_contact_ms"), possibly_contacted()),
    ),
)
