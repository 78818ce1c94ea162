"""How much was spent on marketing.

Population: costs in the currency of the report, spread evenly over their days; the days of the window count. A day's
cost is shared among the agents who called the leads it bought, by how often they called them.
Edge cases: days are those of the account, in any report; so a cost has no hour. Costs without an agent belong to leads
that were not called, or brought no lead. Another currency converts with the exchange rate of each day; days without a
rate are excluded and counted separately. Over any breakdown, including the row without a value, the cents add up.
"""

import polars as pl

from reports.facts.spend import SPEND
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="marketing_cost",
    title="Marketing cost",
    version=2,
    unit="money",
    better="neutral",
    formula="sum(cost of each day in the window)",
    frame=SPEND,
    measure=Sum(value=pl.col("converted_cost"), where=pl.lit(value=True), per=MONEY),
)
