"""Average value of a won deal.

Population: deals won in the window with a known amount, converted to the currency of the report.
Edge cases: another currency converts with the exchange rate of the day the deal closed. Deals without a rate are
excluded and counted separately. A single huge deal raises the average: read median_deal_value beside it.
"""

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.averages import Mean
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="avg_deal_value",
    title="Average deal value",
    version=2,
    unit="money",
    better="higher",
    formula="sum(amount) / won deals with an amount",
    frame=OPPORTUNITIES,
    measure=Mean(value=pl.col("converted_amount"), where=won(), per=MONEY),
)
