"""Gross profit of the deals that were won, credited to the sources that led to them.

Population: deals won in the window with a known gross profit, converted to the currency of the report.
Edge cases: each deal is shared among its touchpoints to the cent. Over any breakdown, including the row without a
source, the money adds up to that of all deals. Another currency converts with the exchange rate of the day the deal
closed; without one, the deal adds nothing and is counted separately. Attributed does not mean caused.
"""

import polars as pl

from reports.facts.credits import CREDITS, GOAL, goal_is
from reports.measures.counts import Sum
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="attributed_gross_profit",
    title="Attributed gross profit",
    version=2,
    unit="money",
    better="higher",
    formula="sum of the credited gross profit",
    frame=CREDITS,
    per_model=True,
    about="deal",
    measure=Sum(value=pl.col("converted_profit"), where=goal_is("deal"), per=MONEY, by_chance=True, observation=GOAL),
)
