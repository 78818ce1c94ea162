"""How much was spent on marketing.

Population: costs in the currency of the report, spread evenly over their days; the days of the window count. A day's
cost is shared among the agents who called the leads it bought, by how often they called them.
Edge cases: days are those of the account, in any report; so a cost has no hour. Costs without an agent belong to leads
that were not called, or brought no lead. Costs in another currency are never converted; they are excluded and counted
separately. Over any breakdown, including the row without a value, the cents add up.
"""

import polars as pl

from reports.facts.spend import SPEND, in_currency
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="marketing_cost",
    title="Marketing cost",
    version=1,
    unit="money",
    better="neutral",
    formula="sum(cost of each day in the window)",
    frame=SPEND,
    measure=Sum(value=pl.col("cost"), where=in_currency(), per=MONEY),
)
