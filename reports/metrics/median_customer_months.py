"""The months after which half of the customers are lost.

Population: as in expected_customer_months.
Edge cases: "not reached" while fewer than half are lost.
"""

import polars as pl

from reports.facts.customer_spells import CUSTOMER_SPELLS
from reports.measures.durations import Survival
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric
from reports.rules.spells import MONTH_PARTS

METRIC = Metric(
    name="median_customer_months",
    title="Median customer months",
    version=1,
    unit="months",
    better="higher",
    formula="first month at which the retention curve is at most 50%",
    frame=CUSTOMER_SPELLS,
    dimensions=CODE_DIMENSIONS,
    measure=Survival(duration=pl.col("life_parts"), event=pl.col("ended"), where=pl.col("monthly"), per=MONTH_PARTS),
)
