"""How much was spent on marketing.

Population: costs in the currency of the report, accruing evenly over their days; the days of the window count. A day's
cost is shared to the agents who called the leads it bought, by how often they called them.
Edge cases: days are the account's, in any report; so a cost has no hour. Costs without an agent are those of leads that
nobody called and those that brought no lead. Costs in another currency are never converted; they are left out and
counted apart. Over any breakdown, what has no such thing included, the cents add up.
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
    better="lower",
    formula="sum(cost of each day in the window)",
    frame=SPEND,
    measure=Sum(value=pl.col("cost"), where=in_currency(), per=MONEY),
)
