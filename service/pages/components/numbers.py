"""The numbers of a report as a page shows them: with interval, rank, change, and a link to the rows of each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from reports.catalogue.dimensions import Dimension
from reports.measures.metric import Metric
from reports.model.language import digits, translate
from reports.model.local_dates import date_words, full_words
from reports.model.window_presets import period_words
from reports.query.report import Report
from reports.render import formatting, provenance
from reports.render.cell_text import cell_text, legend, rank, too_few
from reports.render.links import Links
from service.pages.components.columns import (
    Bar,
    RankColumn,
    Scale,
    bar_scales,
    default_sort,
    metric_columns,
    rank_columns,
    sortable_column,
    sorted_groups,
)
from service.pages.figures.changes import Change, change_of
from service.pages.figures.marks import Key, Mark, marks_of
from service.pages.filtering.filters import COLUMNS, MAX_LINES, PageRequest


@dataclass(frozen=True)
class Number:
    """One number on a page: its metric, its value, the details below it, and the link to its rows.

    cell: the columns of its cell, in the units of the metric. bar: its position beside the other numbers of its column,
    if it has an interval. rank: an agent's rank by it, among all agents. change: since the compared period. mark: best
    or worst of its column, if it differs significantly from the total.
    """

    metric: Metric
    value: str
    details: list[str]
    rows_link: str | None
    cell: Mapping[str, Any]
    bar: Bar | None = None
    rank: str = ""
    change: Change | None = None
    mark: Mark | None = None

    @property
    def statistics(self) -> str:
        """Everything below the number in one line."""
        return " · ".join(self.details)

    @property
    def verdict(self) -> str | None:
        """Better, worse or no clear difference against the period before, if the report compares."""
        return self.cell.get("verdict")


@dataclass(frozen=True)
class Group:
    """One line of a table: its codes as people read them, its codes as stored, by dimension, and its numbers.

    codes: beside each name the code, where the name is another. ambiguous: whether another code has the same name.
    """

    names: list[str]
    key: Mapping[str, Any]
    numbers: list[Number]
    codes: list[str]
    ambiguous: bool = False


@dataclass(frozen=True)
class _Columns:
    """The bar scales, the rank columns and the marks of a table, by the name of the metric."""

    scales: Mapping[str, Scale]
    ranks: Mapping[str, RankColumn]
    marks: Mapping[str, Mapping[Key, Mark]]


def report_context(report: Report, page_request: PageRequest, order: str | None = None) -> dict[str, Any]:
    """The variables that every template of a report gets. order: the order of its table unless the page has one."""
    sort = page_request.sort or (default_sort(report) if order is None else order)
    whole, page_request = page_request, replace(page_request, sort=sort)
    total = report.total.row(0, named=True)
    links = Links(report, ()).of({})
    table = sorted_groups(report, page_request)
    visible = table.head(page_request.max_lines)
    columns = _Columns(bar_scales(report, visible), rank_columns(report, page_request), {})
    return {
        "report": report,
        "page_request": whole,
        "chosen_columns": _chosen_columns(report, page_request),
        "column_fields": _column_fields(report, whole),
        "columns": metric_columns(report, page_request),
        "dimension_columns": [
            sortable_column(dimension.name, dimension.label, page_request) for dimension in report.request.by
        ],
        "rank_columns": columns.ranks,
        "numbers": [_number(report, metric, total, links, columns) for metric in report.request.displayed],
        "groups": list(table_groups(report, visible, columns.scales, columns.ranks)),
        "line_count": table.height,
        "more_lines_link": _more_lines_link(table.height, whole),
        "constants": provenance.constants(report),
        "filters_text": provenance.filters_text(report),
        "period_text": period_words(report.request.window, year=True),
        "as_of_link": whole.link(as_of=report.as_of.isoformat()),
        "exclusion_notes": list(provenance.exclusion_notes(report)),
        "legend": list(legend(report)),
        "empty_sentences": [
            *provenance.missing_facts(report),
            *(f"{sentence}." for sentence in provenance.facts_elsewhere(report)),
        ],
        "compared_sentence": provenance.compared_sentence(report),
        "caveats": provenance.other_caveats(report),
    }


def _chosen_columns(report: Report, page_request: PageRequest) -> set[str]:
    """The metrics that the table shows: the chosen ones, or all if none of its own is chosen."""
    names = {metric.name for metric in report.request.displayed}
    return names.intersection(page_request.columns) or names


def _column_fields(report: Report, page_request: PageRequest) -> list[tuple[str, str]]:
    """What the form that chooses the columns sends along: all other parameters, and the columns of other tables."""
    names = {metric.name for metric in report.request.displayed}
    others = [(COLUMNS, name) for name in page_request.columns if name not in names]
    return [*page_request.hidden_fields((COLUMNS,)), *others]


def _more_lines_link(lines: int, page_request: PageRequest) -> str | None:
    """The address of this page with more lines of the table, if there are more."""
    return (
        page_request.link(show=str(min(MAX_LINES, page_request.max_lines * 5)))
        if page_request.max_lines < min(lines, MAX_LINES)
        else None
    )


def table_groups(
    report: Report, table: pl.DataFrame, scales: Mapping[str, Scale], ranks: Mapping[str, RankColumn] | None = None
) -> Iterator[Group]:
    """The lines of a report's table, in the order of `table`, a selection of its groups."""
    by = report.request.by
    if not by:
        return
    row_links = Links(report, [dimension.name for dimension in by])
    columns = _Columns(scales, ranks or {}, marks_of(report))
    repeated = _repeated_names(report)
    for row in table.iter_rows(named=True):
        key = {dimension.name: row[dimension.name] for dimension in by}
        codes = [_group_code(dimension, key[dimension.name]) for dimension in by]
        names = [report.names.get(name, {}).get(code, code) for name, code in zip(key, codes, strict=True)]
        links = row_links.of({name: _parameter_text(value) for name, value in key.items()})
        numbers = [_number(report, metric, row, links, columns) for metric in report.request.displayed]
        marks = [columns.marks.get(metric.name, {}).get(tuple(key.values())) for metric in report.request.displayed]
        yield Group(
            names,
            key,
            [replace(number, mark=mark) for number, mark in zip(numbers, marks, strict=True)],
            ["" if code == name else code for code, name in zip(codes, names, strict=True)],
            any(name in repeated for name in names),
        )


def _group_code(dimension: Dimension, value: Any) -> str:
    """The code of a group; values of our own, and groups without a code, in words."""
    if value is None or isinstance(value, str):
        return dimension.value_label(value)
    return display_code(value)


def _repeated_names(report: Report) -> set[str]:
    """The names that several codes of a dimension share."""
    counts = [Counter(report.names.get(dimension.name, {}).values()) for dimension in report.request.by]
    return {name for count in counts for name, times in count.items() if times > 1}


def display_code(value: Any, missing: str = formatting.NOTHING) -> str:
    """The code of a group, or a value of a row, as people read it."""
    match value:
        case None:
            return missing
        case bool():
            return translate("yes") if value else translate("no")
        case datetime():
            return full_words(value, seconds=bool(value.second))
        case date():
            return date_words(value)
        case float():
            return digits(value, 1)
        case _:
            return str(value)


def rows_link(query: str | None) -> str | None:
    """The page of the rows that a drill-through query asks for."""
    return f"/look/rows?{query}" if query else None


def _number(
    report: Report, metric: Metric, row: Mapping[str, Any], links: Mapping[Any, str | None], columns: _Columns
) -> Number:
    ranked_agents = columns.ranks[metric.name].ranked_agents if metric.name in columns.ranks else None
    text = cell_text(metric, row, report, ranked_agents)
    withheld = bool(too_few(metric, row))
    cell = {name: None if withheld else row[metric.column(name)] for name in report.cell_columns[metric.name]}
    details = [" · ".join(pieces) for pieces in text.details]
    scale = columns.scales.get(metric.name)
    bar = scale.bar(row) if scale and not withheld else None
    rank_text = rank(cell, ranked_agents) if cell.get("rank") is not None else ""
    return Number(
        metric,
        text.value,
        details,
        rows_link(links[metric.name, "numerator"]),
        cell,
        bar,
        rank_text,
        change_of(metric, cell, report.request.currency),
    )


def _parameter_text(value: Any) -> str | None:
    """A group's code as a parameter spells it."""
    return None if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
