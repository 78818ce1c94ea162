"""Value of the deals that were won, credited to the sources that led to them.

Population: deals won in the window with a known amount, in the currency of the report.
Edge cases: each deal is shared among its touchpoints to the cent. Over any breakdown, including the row without a
source, the money adds up to that of all deals. Other currencies are never converted. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, GOAL, deal_in_currency
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
    measure=Sum(value=pl.col("revenue"), where=deal_in_currency(), per=MONEY, by_chance=True, observation=GOAL),
)
