"""The answer to a request: its numbers, and everything needed to defend them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from reports.measures.frame import Frame
from reports.query.benchmarks import BenchmarkResult
from reports.query.request import ReportRequest


@dataclass(frozen=True, eq=False, kw_only=True)
class Numbers:
    """The cells of a report.

    groups: a column per dimension and, per metric, its columns (`Metric.column` of `Metric.columns`), sorted by the
    dimensions with missing ones last. total: the same for all groups at once, one row, recomputed from the facts.
    counted: the rows in them, by frame. excluded: why rows are not in them, or need a caveat. curves: see Report.
    """

    groups: pl.DataFrame
    total: pl.DataFrame
    counted: dict[str, int]
    excluded: dict[str, int]
    curves: Mapping[str, pl.DataFrame]


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """An answer, with everything needed to defend it.

    cell_columns: the columns of every metric's cell, in the order they are written.
    caveats: what a reader must know before acting on it.
    benchmarks: the numbers against industry figures, the account's targets and its past, on request.
    curves: the whole survival curves, by metric, on request.
    watermark: everything recorded up to this moment is in the numbers, as far as as_of allows.
    span: the account's first and last attempt, where the report is empty and there are any.
    metric_frames: the frames of all its metrics, by name.
    """

    request: ReportRequest
    as_of: datetime
    watermark: datetime
    counted: dict[str, int]
    excluded: dict[str, int]
    groups: pl.DataFrame
    total: pl.DataFrame
    cell_columns: Mapping[str, tuple[str, ...]]
    caveats: tuple[str, ...] = ()
    span: tuple[datetime, datetime] | None = None
    benchmarks: tuple[BenchmarkResult, ...] = ()
    curves: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])

    metric_frames: Mapping[str, Frame] = field(default_factory=dict[str, Frame])

    def __post_init__(self) -> None:
        # Kept beside the request, so that a page may show fewer metrics of the same rows.
        frames = {metric.frame.name: metric.frame for metric in self.request.metrics if metric.frame is not None}
        object.__setattr__(self, "metric_frames", {**frames, **self.metric_frames})

    @property
    def frames(self) -> dict[str, Frame]:
        """The frames its rows were counted from, by name, in the order of `counted`."""
        return {name: self.metric_frames[name] for name in self.counted}
