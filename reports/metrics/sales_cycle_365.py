"""Days that a typical deal took that was won in the year that ends with the window.

Population: as in sales_cycle, for deals closed in the 365 days before the end of the window.
Edge cases: it is a lever of pipeline_velocity, because a single week has too few deals for an estimate. It looks back
from the end of the window, however long the window is.
"""

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.averages import Quantile
from reports.measures.metric import Metric

METRIC = Metric(
    name="sales_cycle_365",
    title="Sales cycle, 365 days",
    version=1,
    unit="days",
    better="lower",
    formula="median(won - first RP contact, else won - opened) in days, over 365 days",
    frame=OPPORTUNITIES,
    trailing_days=365,
    measure=Quantile(value=pl.col("cycle_ms"), where=won(), share=0.5, per=86_400_000),
)
