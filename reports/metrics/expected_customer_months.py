"""How many months a customer stays, as far as customers could be observed.

Population: all times as a customer that began by the end of the window, of customers who pay by the month. Those who
stay count for their time so far (Kaplan-Meier).
Edge cases: the number never exceeds the longest time observed, nor five years. So a young account has a low number,
and nothing is guessed beyond what was seen. Groups with a shorter history have a lower one.
"""

import polars as pl

from reports.facts.customer_spells import CUSTOMER_SPELLS
from reports.measures.expected_time import ExpectedTime
from reports.measures.frame import CODE_DIMENSIONS
from reports.measures.metric import Metric
from reports.rules.spells import MONTH_PARTS

METRIC = Metric(
    name="expected_customer_months",
    title="Expected customer months",
    version=1,
    unit="months",
    better="higher",
    formula="area below the retention curve, up to the last observed month, at most 60",
    frame=CUSTOMER_SPELLS,
    dimensions=CODE_DIMENSIONS,
    measure=ExpectedTime(
        duration=pl.col("life_parts"),
        event=pl.col("ended"),
        where=pl.col("monthly"),
        horizon=60 * MONTH_PARTS,
        per=MONTH_PARTS,
    ),
)
