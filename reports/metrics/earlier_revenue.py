"""Total value of the deals that were won in the like period before.

Population: won_revenue of the period of the same length and weekdays before the window. It lies as few whole weeks back
as it takes to end before the window begins.
Edge cases: if the window is not over, only the same part of the earlier period counts. Deals count as known now.
"""

import polars as pl

from reports.facts.earlier_deals import EARLIER_DEALS
from reports.facts.opportunities import won
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="earlier_revenue",
    title="Won revenue of the like period before",
    version=1,
    unit="money",
    better="neutral",
    formula="sum(amount) of deals won in the like period before",
    frame=EARLIER_DEALS,
    measure=Sum(value=pl.col("converted_amount"), where=won(), per=MONEY),
)
