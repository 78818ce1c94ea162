"""Share of resolved cases that were opened again.

Population: cases opened in the window that were ever resolved, tests excluded.
Edge cases: empty if no case was ever opened again, since nothing tells whether reopenings are reported. A case that
was opened again and resolved a second time still counts as opened again.
"""

import polars as pl

from reports.facts.cases import CASES
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="reopen_rate",
    title="Reopen rate",
    version=2,
    unit="ratio",
    better="lower",
    formula="cases opened again / cases ever resolved, where reopenings are reported",
    frame=CASES,
    measure=Ratio(numerator=pl.col("reopened"), denominator=pl.col("ever_resolved") & pl.col("reports_reopenings")),
)
