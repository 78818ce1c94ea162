"""Average value of a won deal, over the year that ends with the window.

Population: as in avg_deal_value, for deals closed in the 365 days before the end of the window.
Edge cases: it is a lever of pipeline_velocity, because a single week has too few deals for an estimate. It looks back
from the end of the window, however long the window is.
"""

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="deal_value_365",
    title="Average deal value, 365 days",
    version=2,
    unit="money",
    better="higher",
    formula="sum(amount) / won deals with an amount, over 365 days",
    frame=OPPORTUNITIES,
    trailing_days=365,
    measure=Mean(value=pl.col("converted_amount"), where=won(), per=MONEY),
)
