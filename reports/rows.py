"""The rows behind a number: what was counted above the line of a cell, or below it."""

import polars as pl

from reports.frames import FRAMES
from reports.metric import Metric, Part, Ratio


def rows_behind(metric: Metric, part: Part, settled: pl.LazyFrame) -> pl.LazyFrame:
    """One row per thing counted, by its key: attempts, or leads where a metric counts leads.

    settled: the attempts of the cell, test calls taken out.
    """
    counted = settled.filter(metric.measure.behind(part))
    if isinstance(metric.measure, Ratio) and metric.measure.of is not None:
        key = pl.col(metric.measure.of)
        return counted.filter(key.is_not_null()).select(key).unique().sort(key)
    names = FRAMES[metric.frame].key
    return counted.select(*names).sort(names)
