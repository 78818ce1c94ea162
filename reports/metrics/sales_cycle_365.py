"""How many days a typical deal took that was won in the year that ends with the window.

Population: that of sales_cycle, for deals closed in the 365 days before the end of the window.
Edge cases: it is a lever of pipeline_velocity, which a single week would give too few deals to tell. It looks back from
the window's end, whatever the window's length.
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
