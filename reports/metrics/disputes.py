"""Evaluations that agents objected to, decided or not.

Population: disputed evaluations of the window, those of calibration sessions and voided ones included.
Edge cases: dispute_rate leaves voided evaluations out on both sides, so its numerator may be smaller.
"""

import polars as pl

from reports.facts.disputes import DISPUTES
from reports.measures.counts import Count
from reports.measures.metric import Metric

METRIC = Metric(
    name="disputes",
    title="Disputes",
    version=1,
    unit="count",
    better="neutral",
    formula="disputed evaluations",
    frame=DISPUTES,
    measure=Count(where=pl.col("disputed")),
)
