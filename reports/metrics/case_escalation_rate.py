"""Share of cases that were handed to a higher tier or a specialist.

Population: cases opened in the window, tests excluded.
Edge cases: one escalation counts per case. A handover on the same tier is no escalation. escalation_rate counts calls.
"""

import polars as pl

from reports.facts.cases import CASES
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="case_escalation_rate",
    title="Escalation rate of cases",
    version=1,
    unit="ratio",
    better="lower",
    formula="escalated cases / cases opened",
    frame=CASES,
    measure=Ratio(numerator=pl.col("escalated_at").is_not_null(), denominator=pl.col("opened_at").is_not_null()),
)
