"""Value of a typical won deal: half were worth less, half were worth more.

Population: deals won in the window with a known amount, converted to the currency of the report, as in avg_deal_value.
Edge cases: with an even number of deals it lies halfway between the two in the middle. Medians do not add up: it is
computed from the deals themselves.
"""

import polars as pl

from reports.facts.opportunities import OPPORTUNITIES, won
from reports.measures.averages import Quantile
from reports.measures.metric import Metric
from reports.rules.deals import MONEY

METRIC = Metric(
    name="median_deal_value",
    title="Median deal value",
    version=2,
    unit="money",
    better="higher",
    formula="median(amount) of won deals",
    frame=OPPORTUNITIES,
    measure=Quantile(value=pl.col("converted_amount"), where=won(), share=0.5, per=MONEY),
)
