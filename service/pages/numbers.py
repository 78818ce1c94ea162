"""A report as a page shows it: each number with what says how far to trust it, and a door to the rows behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting, provenance
from reports.render.cell_text import cell, legend, rank
from reports.render.links import Links
from service.pages.columns import Bar, Places, Scale, column, metric_columns, ordered, places, scales
from service.pages.filters import MOST_SHOWN, PageRequest


@dataclass(frozen=True)
class Number:
    """One number as a page shows it: what it is, its value, what says how far to trust it, and where its rows are.

    said: the parts of its cell, as numbers in the units of the metric. bar: where it lies beside the others of its
    column, where it has an interval. rank: of an agent, the place among all by it.
    """

    metric: Metric
    value: str
    below: list[str]
    rows: str | None
    said: Mapping[str, Any]
    bar: Bar | None = None
    rank: str = ""

    @property
    def verdict(self) -> str | None:
        """How it compares with the period before, where that was asked."""
        return self.said.get("verdict")


@dataclass(frozen=True)
class Group:
    """A line of a table: what it is of, by dimension as people read it and as the data have it, and its numbers."""

    names: list[str]
    key: Mapping[str, Any]
    numbers: list[Number]


@dataclass(frozen=True)
class _Beside:
    """What a number is shown beside: the scales of the columns with intervals, and how many have a rank, by metric."""

    scales: Mapping[str, Scale]
    places: Mapping[str, Places]


def told_of(report: Report, page_request: PageRequest) -> dict[str, Any]:
    """What the templates of parts are told of a report."""
    total = report.total.row(0, named=True)
    links = Links(report, ()).of({})
    table = ordered(report, page_request)
    visible = table.head(page_request.most)
    beside = _Beside(scales(report, visible), places(report, page_request))
    return {
        "report": report,
        "page_request": page_request,
        "columns": metric_columns(report, page_request),
        "dimension_columns": [column(each.name, each.title, page_request) for each in report.request.by],
        "places": beside.places,
        "numbers": [_number(report, metric, total, links, beside) for metric in report.request.displayed],
        "groups": list(groups(report, visible, beside.scales, beside.places)),
        "height": table.height,
        "further": _further(table.height, page_request),
        "constants": provenance.constants(report),
        "as_of_here": page_request.here(as_of=report.as_of.isoformat()),
        "left_out": list(provenance.left_out(report)),
        "legend": list(legend(report)),
        "kinds": provenance.kinds(report),
    }


def _further(lines: int, page_request: PageRequest) -> str | None:
    """The address of a page that shows more of a table's lines, where one can."""
    return (
        page_request.here(show=str(min(MOST_SHOWN, page_request.most * 5)))
        if page_request.most < min(lines, MOST_SHOWN)
        else None
    )


def groups(
    report: Report, table: pl.DataFrame, drawn: Mapping[str, Scale], ranks: Mapping[str, Places] | None = None
) -> Iterator[Group]:
    """Lines of a report's table, in the order of a table of its groups."""
    by = report.request.by
    if not by:
        return
    links = Links(report, [dimension.name for dimension in by])
    beside = _Beside(drawn, ranks or {})
    for row in table.iter_rows(named=True):
        key = {dimension.name: row[dimension.name] for dimension in by}
        names = [told(key[dimension.name], dimension.missing) for dimension in by]
        found = links.of({name: _spelled(value) for name, value in key.items()})
        yield Group(names, key, [_number(report, metric, row, found, beside) for metric in report.request.displayed])


def told(value: Any, missing: str = formatting.NOTHING) -> str:
    """A value of a row, as people read it."""
    match value:
        case None:
            return missing
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
        case date():
            return value.isoformat()
        case float():
            return f"{value:,.1f}"
        case _:
            return str(value)


def door(rows: str | None) -> str | None:
    """The page of some rows."""
    return f"/look/rows?{rows}" if rows else None


def _number(
    report: Report, metric: Metric, row: Mapping[str, Any], links: Mapping[Any, str | None], beside: _Beside
) -> Number:
    among = beside.places[metric.name].among if metric.name in beside.places else None
    words = cell(metric, row, report, among)
    said = {part: row[metric.column(part)] for part in report.cell_columns[metric.name]}
    below = [" · ".join(pieces) for pieces in words.below]
    scale = beside.scales.get(metric.name)
    bar = scale.bar(row) if scale else None
    ranked = rank(said, among) if said.get("rank") is not None else ""
    return Number(metric, words.value, below, door(links[metric.name, "numerator"]), said, bar, ranked)


def _spelled(value: Any) -> str | None:
    """A value of a group as a question spells it."""
    return None if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
