"""The columns of a page's table: their order, the scale their bars are drawn on, and the link that sorts by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import polars as pl

from reports.measures.metric import Metric
from reports.measures.ratios import Share
from reports.query.report import Report
from reports.render import provenance
from reports.render.cell_text import has_interval
from service.pages.filters import PageRequest

# The surest three quarters of the numbers decide the scale: what was counted twice would else squeeze all others.
_SUREST = 0.75


@dataclass(frozen=True)
class Column:
    """A column that a table can be sorted by.

    address: what sorts by it; sorted: how it is sorted now, if it is. means: the page that says what it is.
    """

    name: str
    title: str
    address: str
    sorted: str | None
    means: str | None = None


@dataclass(frozen=True)
class Places:
    """The places of agents by a metric: their column, and among how many."""

    column: Column
    among: int


@dataclass(frozen=True)
class Bar:
    """Where on the scale of its column a number lies, its interval, and the number of all together; in hundredths."""

    low: float
    high: float
    value: float
    whole: float | None

    @property
    def width(self) -> float:
        """How wide the interval is drawn; an interval of no width still shows."""
        return round(max(self.high - self.low, 1.0), 1)


@dataclass(frozen=True)
class Scale:
    """What a column's bars are drawn on. What lies beyond is drawn at its edge."""

    metric: Metric
    low: float
    high: float
    whole: float | None

    def bar(self, row: Mapping[str, Any]) -> Bar | None:
        """The bar of one number; none where it has no interval. An end that nobody knows is an edge."""
        value, low, high = (row[self.metric.column(part)] for part in ("value", "ci_low", "ci_high"))
        if value is None or (low is None and high is None):
            return None
        whole = None if self.whole is None else self._place(self.whole)
        ends = self.low if low is None else low, self.high if high is None else high
        return Bar(self._place(ends[0]), self._place(ends[1]), self._place(value), whole)

    def _place(self, number: float) -> float:
        return round(100 * min(1.0, max(0.0, (number - self.low) / (self.high - self.low))), 1)


def column(name: str, title: str, page_request: PageRequest, *, first: str = "", means: str | None = None) -> Column:
    """A column and its link: the other way round where it is sorted already, else `first` a minus sign or none."""
    now = {name: "ascending", f"-{name}": "descending"}.get(page_request.sort)
    sign = {"ascending": "-", "descending": ""}.get(now or "", first)
    return Column(name, title, page_request.here(sort=f"{sign}{name}"), now, means)


def metric_columns(report: Report, page_request: PageRequest) -> list[Column]:
    """The columns of a report's metrics; the largest comes first, unless one sorts again."""
    names = [(metric, provenance.entry(metric).metric.name) for metric in report.request.displayed]
    return [
        column(metric.name, metric.title, page_request, first="-", means=f"/definitions/{name}")
        for metric, name in names
    ]


def places(report: Report, page_request: PageRequest) -> dict[str, Places]:
    """The columns of agents' places, by the metric that they follow from."""
    ranks = {
        metric: metric.column("rank")
        for metric in report.request.displayed
        if "rank" in report.cell_columns[metric.name]
    }
    return {
        metric.name: Places(column(rank, f"Rank by {metric.title.lower()}", page_request), report.groups[rank].count())
        for metric, rank in ranks.items()
    }


def ordered(report: Report, page_request: PageRequest) -> pl.DataFrame:
    """The groups of a report in the order that is asked for, where they have that column; what is unknown comes last.

    Groups of the same value stay in the report's own order.
    """
    name = page_request.sort.removeprefix("-")
    if not name or name not in report.groups.columns:
        return report.groups
    return report.groups.sort(name, descending=page_request.sort != name, nulls_last=True, maintain_order=True)


def scales(report: Report, shown: pl.DataFrame) -> dict[str, Scale]:
    """The scale of every column that has intervals, by metric."""
    found = {metric.name: _scale(metric, report, shown) for metric in report.request.displayed if has_interval(metric)}
    return {name: scale for name, scale in found.items() if scale}


def _scale(metric: Metric, report: Report, shown: pl.DataFrame) -> Scale | None:
    low, high, value = (metric.column(part) for part in ("ci_low", "ci_high", "value"))
    # All together are 100 % of themselves; that is beside no share.
    whole = None if isinstance(metric.measure, Share) else report.total[value][0]
    known = shown.filter(pl.col(low).is_not_null() & pl.col(high).is_not_null()).sort(pl.col(high) - pl.col(low))
    surest = known.head(ceil(_SUREST * known.height))
    ends = [*surest[low], *surest[high], *([] if whole is None else [whole])]
    if len(ends) < 2 or min(ends) == max(ends):
        return None
    return Scale(metric, min(ends), max(ends), whole)
