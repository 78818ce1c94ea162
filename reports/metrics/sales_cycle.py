"""Days that a typical won deal took, from the first time its lead was reached until it was won.

Population: deals won in the window. The clock starts with the first call in which an agent spoke with the right party
of the lead. Without such a call before the deal closed, it starts when the deal was first qualified.
Edge cases: only won deals have a length, so it does not describe deals that drag on. The stage times, such as
time_to_sale, count those too. A second deal of an existing customer still starts with their first contact.
"""

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.averages import Quantile
from reports.measures.metric import Metric

METRIC = Metric(
    name="sales_cycle",
    title="Sales cycle",
    version=1,
    unit="days",
    better="lower",
    formula="median(won - first RP contact, else won - opened) in days",
    frame=OPPORTUNITIES,
    measure=Quantile(value=pl.col("cycle_ms"), where=won(), share=0.5, per=86_400_000),
)
