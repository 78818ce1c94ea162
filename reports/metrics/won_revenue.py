"""Total value of the deals that were won.

Population: deals won in the window with a known amount, converted to the currency of the report.
Edge cases: net of wins that were withdrawn later. Another currency converts with the exchange rate of the day the deal
closed. Deals without a rate or an amount add nothing; both are counted separately. Empty, not 0, where no deal with an
amount was won.
"""

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="won_revenue",
    title="Won revenue",
    version=2,
    unit="money",
    better="higher",
    formula="sum(amount) of deals won, by close date",
    frame=OPPORTUNITIES,
    measure=Sum(value=pl.col("converted_amount"), where=won(), per=MONEY, by_chance=True),
)
