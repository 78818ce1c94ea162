"""Share of offers that the agent answered.

Population: as in offers.
Edge cases: an offer that the caller ended by hanging up counts as not answered. A call that another agent took first
counts as not answered for the others it rang at.
"""

import polars as pl

from reports.facts.offers import OFFERS, rang
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="offer_answer_rate",
    title="Offers answered",
    version=1,
    unit="ratio",
    better="higher",
    formula="answered offers / offers",
    frame=OFFERS,
    measure=Ratio(numerator=pl.col("answered"), denominator=rang()),
)
