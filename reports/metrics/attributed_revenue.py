"""How much money the deals that were won are worth, credited to the sources that led to them.

Population: deals won in the window whose amount is known, in the currency of the report.
Edge cases: each deal is shared among its touches to the cent, so over any breakdown, with what has no source in it, the
money adds up to that of all deals. Other currencies are never converted. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, deal_in_currency
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="attributed_revenue",
    title="Attributed revenue",
    version=1,
    unit="money",
    better="higher",
    formula="sum of the credited revenue",
    frame=CREDITS,
    per_model=True,
    about="deal",
    measure=Sum(value=pl.col("revenue"), where=deal_in_currency(), per=MONEY, by_chance=True),
)
