"""The report of a request: its numbers, and everything needed to defend them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import polars as pl

from reports.catalogue.dimensions import Dimension
from reports.measures.frame import Frame
from reports.model.shown_names import Names, shown_names
from reports.query.benchmarks import BenchmarkResult
from reports.query.request import ReportRequest


@dataclass(frozen=True, eq=False, kw_only=True)
class Numbers:
    """The cells of a report.

    groups: a column per dimension and the cell columns of each metric (`Metric.column` of `Metric.columns`). Rows are
    sorted by the dimensions, with missing values last.
    total: the same metric columns for all groups together, in one row, recomputed from the facts.
    counted: the number of rows in the numbers, by frame.
    excluded: the number of rows that are left out or need a caveat, by reason.
    curves, other_currencies, withheld: see Report.
    """

    groups: pl.DataFrame
    total: pl.DataFrame
    counted: dict[str, int]
    excluded: dict[str, int]
    curves: Mapping[str, pl.DataFrame]
    other_currencies: pl.DataFrame = field(default_factory=pl.DataFrame)
    withheld: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """The numbers of a request, with everything needed to defend them.

    cell_columns: the columns of every metric's cell, in output order.
    caveats: facts that readers must know before they act on the report.
    benchmarks: the numbers against industry figures, the account's targets and its past, on request.
    curves: the whole survival curves, by metric, on request.
    other_currencies: the money in other currencies, with the columns of reports/query/other_currencies.py.
    withheld: whether numbers about too few leads were withheld; such cells say so.
    watermark: the numbers include everything recorded up to this moment, within the limit of as_of.
    spans: if the report is empty, the times of the account's first and last fact of each kind, by the resource.
    names: the configured names of campaigns, sources and agents, by dimension and code.
    targets: the total against the account's own targets.
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
    spans: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict[str, tuple[datetime, datetime]])
    benchmarks: tuple[BenchmarkResult, ...] = ()
    curves: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    other_currencies: pl.DataFrame = field(default_factory=pl.DataFrame)
    withheld: bool = False
    targets: tuple[BenchmarkResult, ...] = ()
    names: Names = field(default_factory=dict[str, Mapping[str, str]])
    metric_frames: Mapping[str, Frame] = field(default_factory=dict[str, Frame])

    def __post_init__(self) -> None:
        # The report keeps these frames next to the request, so a page can show fewer metrics of the same rows.
        frames = {metric.frame.name: metric.frame for metric in self.request.metrics if metric.frame is not None}
        object.__setattr__(self, "metric_frames", {**frames, **self.metric_frames})

    @cached_property
    def _shown_names(self) -> Names:
        return shown_names(self.names)

    def name_of(self, dimension: Dimension, code: str | None) -> str:
        """What people call a group of this dimension: its configured name, else its code."""
        return dimension.missing_label if code is None else self._shown_names.get(dimension.name, {}).get(code, code)

    def named(self, dimension: Dimension) -> pl.Expr:
        """The column of a dimension, with what people call each of its groups."""
        names = self._shown_names.get(dimension.name, {})
        return pl.col(dimension.name).cast(pl.String).replace(names).fill_null(dimension.missing_label)

    @property
    def frames(self) -> dict[str, Frame]:
        """The frames of its counted rows, by name, in the order of `counted`."""
        return {name: self.metric_frames[name] for name in self.counted}
