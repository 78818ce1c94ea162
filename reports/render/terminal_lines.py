"""A report as one line per group for the terminal: the values alone, best first, in as many columns as fit."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reports.catalogue.dimensions import Dimension
from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import terminal
from reports.render.cell_text import cell_text, value_legend

_GAP = 2
_LONGEST_KEY = 24
# The trade's usual short forms, for the headings of narrow columns.
_SHORT = {
    "Appointment-set": "Appt.-set",
    "Appointments": "Appts.",
    "appointments": "appts.",
    "Conversion": "Conv.",
    "conversation": "convers.",
    "conversations": "convers.",
    "effectiveness": "effect.",
    "efficiency": "effic.",
    "Marketing": "Mktg.",
    "disposition": "dispos.",
    "opportunities": "opport.",
}
_CHANGES = {"better": "▲", "worse": "▼"}
_COMPARED = "▲ significantly better, ▼ significantly worse than the earlier period."


@dataclass(frozen=True)
class Line:
    """One group: its keys, and the value of every metric as text."""

    keys: list[str]
    values: list[str]


@dataclass(frozen=True)
class Columns:
    """The headings and widths of the columns that fit, and the titles of the metrics that do not."""

    headings: list[str]
    widths: list[int]
    shown: list[int]
    hidden: list[str]


def render_lines(report: Report, width: int) -> RenderableType:
    """The report with one line per group, in a table that fits this width."""
    if terminal.is_empty(report):
        return terminal.render(report, width)
    metrics = report.request.displayed
    leading = leading_metric(report)
    lines = _lines(report, leading)
    columns = _fitting(report, metrics, lines, leading, width)
    legend = Text("\n".join(_legend(report, leading, columns, width)), style="dim")
    table = _table(report, columns, lines)
    return Group(*terminal.heading(report), legend, "", table, *terminal.footnotes(report))


def leading_metric(report: Report) -> Metric | None:
    """The metric that orders the lines: the first conversion, else the first number with a better side.

    Groups that have an order of their own, such as days, keep it: None.
    """
    if len(report.request.by) != 1 or report.request.by[0].bucket or report.request.by[0].values:
        return None
    sided = [metric for metric in report.request.displayed if metric.better in {"higher", "lower"}]
    rates = [metric for metric in sided if metric.name.startswith("conv_per")]
    return next(iter([*rates, *(metric for metric in sided if metric.unit != "attempts")]), None)


def _lines(report: Report, leading: Metric | None) -> list[Line]:
    groups = report.groups
    if leading is not None:
        order = pl.col(leading.name).cast(pl.Float64)
        unknown = groups.columns[0]
        groups = groups.sort(
            pl.col(unknown).is_null(),
            order,
            descending=[False, leading.better == "higher"],
            nulls_last=True,
            maintain_order=True,
        )
    rows = [*groups.iter_rows(named=True), *report.total.iter_rows(named=True)]
    lines = [Line([], [_value(metric, row, report) for metric in report.request.displayed]) for row in rows]
    for line, row in zip(lines, groups.iter_rows(named=True), strict=False):
        line.keys.extend(_key(row[key.name], key) for key in report.request.by)
    lines[-1].keys.extend(["total", *[""] * (len(report.request.by) - 1)] if report.request.by else ["total"])
    return lines


def _value(metric: Metric, row: dict[str, Any], report: Report) -> str:
    text = cell_text(metric, row, report).value
    change = _CHANGES.get(row.get(metric.column("verdict")) or "", "")
    return f"{text} {change}" if change else text


def _key(key: object, dimension: Dimension) -> str:
    """The key of a group: a long code is cut, a moment is not."""
    text = terminal.key_text(key, dimension)
    return f"{text[: _LONGEST_KEY - 1]}…" if isinstance(key, str) and len(text) > _LONGEST_KEY else text


def _fitting(
    report: Report, metrics: Sequence[Metric], lines: Sequence[Line], leading: Metric | None, width: int
) -> Columns:
    """The columns that fit: the keys, the leading metric, then the others in their order."""
    key_titles = [dimension.title for dimension in report.request.by] or [""]
    widths = [max(map(len, [*_words(title), *texts])) for title, texts in _columns_of(key_titles, lines, keys=True)]
    headings = [_heading(title) for title in (metric.title for metric in metrics)]
    needed = [max(map(len, [*_words(title), *texts])) for title, texts in _columns_of(headings, lines, keys=False)]
    left = width - sum(size + _GAP for size in widths)
    shown = list[int]()
    for index in sorted(range(len(metrics)), key=lambda index: metrics[index] is not leading):
        if needed[index] + _GAP <= left or not shown:
            shown.append(index)
            left -= needed[index] + _GAP
    shown.sort()
    return Columns(
        [*key_titles, *(headings[index] for index in shown)],
        [*widths, *(needed[index] for index in shown)],
        shown,
        [metric.title for index, metric in enumerate(metrics) if index not in shown],
    )


def _columns_of(titles: Sequence[str], lines: Sequence[Line], *, keys: bool) -> Iterator[tuple[str, list[str]]]:
    for index, title in enumerate(titles):
        yield title, [(line.keys if keys else line.values)[index] for line in lines]


def _heading(title: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in title.split())


def _words(title: str) -> list[str]:
    return title.split() or [""]


def _legend(report: Report, leading: Metric | None, columns: Columns, width: int) -> Iterator[str]:
    """How to read the lines, and how to see what they leave out."""
    if leading is not None:
        yield from textwrap.wrap(f"Best first, by {leading.title.lower()}.", width)
    if report.request.compare:
        yield from textwrap.wrap(_COMPARED, width)
    for text in value_legend(report):
        yield from textwrap.wrap(text, width)
    if columns.hidden:
        text = f"Hidden to fit the width: {', '.join(columns.hidden)}. A wider terminal or --output shows them."
        yield from textwrap.wrap(text, width)
    yield from textwrap.wrap("--statistics adds 95% ranges, numbers of cases (n) and ranks.", width)


def _table(report: Report, columns: Columns, lines: Sequence[Line]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, _GAP - 1, 0, 0))
    keys = max(1, len(report.request.by))
    for index, (heading, width) in enumerate(zip(columns.headings, columns.widths, strict=True)):
        wrapped = "\n".join(textwrap.wrap(heading, width, break_on_hyphens=False))
        table.add_column(wrapped, justify="left" if index < keys else "right", width=width, no_wrap=True)
    for line in lines:
        if line is lines[-1] and len(lines) > 1:
            table.add_section()
        table.add_row(*map(Text, [*line.keys, *(line.values[index] for index in columns.shown)]))
    return table
