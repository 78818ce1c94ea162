"""How much the sales team cost to run: salaries, telephony, rent and every other running cost.

Population: running costs in the currency of the report, spread evenly over their days; the days of the window count, up
to the report. A cost of all teams is shared among them each day by their number of employed agents.
Edge cases: overhead is included; the report counts its days beside the number. Marketing is not included, see
marketing_cost. Another currency converts with the exchange rate of each day; days without a rate are excluded and
counted separately. Over teams, including the row without one, the cents add up.
"""

import polars as pl

from reports.facts.running_costs import RUNNING_COSTS
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="running_cost",
    title="Running cost",
    version=1,
    unit="money",
    better="neutral",
    formula="sum(cost of each day in the window)",
    frame=RUNNING_COSTS,
    measure=Sum(value=pl.col("converted_amount"), where=pl.lit(value=True), per=MONEY),
)
