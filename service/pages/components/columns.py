"""The columns of a page's tables: sort links, row order, agents' ranks, and the scale behind the small bars."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import polars as pl

from reports.measures.metric import Metric
from reports.measures.ratios import Share
from reports.model.language import translate
from reports.query.report import Report
from reports.render import provenance
from reports.render.cell_text import has_interval
from service.pages.filtering.filters import PageRequest

# The narrowest three quarters of the intervals set the scale; a rate of two calls would squeeze all others.
_NARROWEST_SHARE = 0.75


@dataclass(frozen=True)
class Column:
    """A column that sorts its table.

    sort_link: the address that sorts by it. sort_order: how the table is sorted by it now, if it is.
    definition_link: the page that defines the metric. interval: the method of its interval.
    """

    name: str
    title: str
    sort_link: str
    sort_order: str | None
    definition_link: str | None = None
    interval: str = ""


@dataclass(frozen=True)
class RankColumn:
    """The column of agents' ranks by one metric, and how many agents are ranked."""

    column: Column
    ranked_agents: int


@dataclass(frozen=True)
class Bar:
    """A value, its interval and the overall value, as positions from 0 to 100 on the scale of the column."""

    low: float
    high: float
    value: float
    overall: float | None

    @property
    def width(self) -> float:
        """The drawn width of the interval; an interval of zero width is still visible."""
        return round(max(self.high - self.low, 1.0), 1)


@dataclass(frozen=True)
class Scale:
    """The range over which a column draws its bars. Values outside it are drawn at its edge."""

    metric: Metric
    low: float
    high: float
    overall: float | None

    def bar(self, row: Mapping[str, Any]) -> Bar | None:
        """The bar of one number; None without an interval. An unknown end of the interval is drawn at the edge."""
        value, low, high = (row[self.metric.column(name)] for name in ("value", "ci_low", "ci_high"))
        if value is None or (low is None and high is None):
            return None
        overall = None if self.overall is None else self._position(self.overall)
        ends = self.low if low is None else low, self.high if high is None else high
        return Bar(self._position(ends[0]), self._position(ends[1]), self._position(value), overall)

    def _position(self, number: float) -> float:
        return round(100 * min(1.0, max(0.0, (number - self.low) / (self.high - self.low))), 1)


def sortable_column(
    name: str, title: str, page_request: PageRequest, *, default_sign: str = "", definition_link: str | None = None
) -> Column:
    """A column with its sort link: it reverses the present order, or starts with the default sign (minus or none)."""
    order = {name: "ascending", f"-{name}": "descending"}.get(page_request.sort)
    sign = {"ascending": "-", "descending": ""}.get(order or "", default_sign)
    return Column(name, title, page_request.link(sort=f"{sign}{name}"), order, definition_link)


def metric_columns(report: Report, page_request: PageRequest) -> list[Column]:
    """The columns of a report's metrics; the first click on one puts the largest first."""
    names = [(metric, provenance.catalogue_entry(metric).metric.name) for metric in report.request.displayed]
    columns = [
        sortable_column(
            metric.name, metric.label, page_request, default_sign="-", definition_link=f"/definitions/{name}"
        )
        for metric, name in names
    ]
    return [replace(column, interval=metric.interval) for column, (metric, _) in zip(columns, names, strict=True)]


def rank_columns(report: Report, page_request: PageRequest) -> dict[str, RankColumn]:
    """The columns of agents' ranks, by the name of the metric that decides the rank."""
    ranks = {
        metric: metric.column("rank")
        for metric in report.request.displayed
        if "rank" in report.cell_columns[metric.name]
    }
    return {
        metric.name: RankColumn(
            sortable_column(rank, translate("Rank by {metric}", metric=metric.label.lower()), page_request),
            report.groups[rank].count(),
        )
        for metric, rank in ranks.items()
    }


def default_sort(report: Report) -> str:
    """The order of a table unless the page has one: codes by the first metric, largest first; times by the clock."""
    by = report.request.by
    first = next(iter(report.request.displayed), None)
    return f"-{first.name}" if first and len(by) == 1 and by[0].code else ""


def sorted_groups(report: Report, page_request: PageRequest) -> pl.DataFrame:
    """The groups of a report in the page's sort order, if they have that column; unknown values come last.

    Groups with equal values stay in the report's own order.
    """
    name = page_request.sort.removeprefix("-")
    if not name or name not in report.groups.columns:
        return report.groups
    return report.groups.sort(name, descending=page_request.sort != name, nulls_last=True, maintain_order=True)


def bar_scales(report: Report, groups: pl.DataFrame) -> dict[str, Scale]:
    """The scales of the columns that have intervals, by the name of the metric. groups: the visible ones."""
    scales = {
        metric.name: _scale(metric, report, groups) for metric in report.request.displayed if has_interval(metric)
    }
    return {name: scale for name, scale in scales.items() if scale}


def _scale(metric: Metric, report: Report, groups: pl.DataFrame) -> Scale | None:
    low, high, value = (metric.column(name) for name in ("ci_low", "ci_high", "value"))
    # The total of a share is always 100%, so it is no mark to compare a group with.
    overall = None if isinstance(metric.measure, Share) else report.total[value][0]
    known = groups.filter(pl.col(low).is_not_null() & pl.col(high).is_not_null()).sort(pl.col(high) - pl.col(low))
    narrowest = known.head(ceil(_NARROWEST_SHARE * known.height))
    ends = [*narrowest[low], *narrowest[high], *([] if overall is None else [overall])]
    if len(ends) < 2 or min(ends) == max(ends):
        return None
    return Scale(metric, min(ends), max(ends), overall)
