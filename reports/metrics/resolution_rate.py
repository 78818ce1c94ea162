"""Share of the cases opened in the period that are resolved by now.

Population: cases opened in the window, tests excluded. Open cases and cases closed without a solution are not resolved.
Edge cases: a case that was opened again is not resolved. The rate of a recent period still rises; open cases are
counted beside the report.
"""

import polars as pl

from reports.facts.cases import CASES
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="resolution_rate",
    title="Resolution rate",
    version=1,
    unit="ratio",
    better="higher",
    formula="resolved cases / cases opened",
    frame=CASES,
    measure=Ratio(numerator=pl.col("resolved"), denominator=pl.col("opened_at").is_not_null()),
)
