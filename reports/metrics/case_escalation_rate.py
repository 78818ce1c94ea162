"""Share of cases that were handed to a higher tier or a specialist.

Population: cases opened in the window, tests excluded.
Edge cases: empty if no case was ever escalated, since nothing tells whether escalations are reported. One escalation
counts per case. A handover on the same tier is no escalation. escalation_rate counts calls.
"""

import polars as pl

from reports.facts.cases import CASES
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="case_escalation_rate",
    title="Escalation rate of cases",
    version=2,
    unit="ratio",
    better="lower",
    formula="escalated cases / cases opened, where escalations are reported",
    frame=CASES,
    measure=Ratio(numerator=pl.col("escalated_at").is_not_null(), denominator=pl.col("reports_escalations")),
)
