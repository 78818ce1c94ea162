"""A report with its statistics for the terminal: each number with its interval and sample size, and the notes below."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reports.catalogue.dimensions import Dimension
from reports.catalogue.presets import PRESETS
from reports.query.report import Report
from reports.render.benchmark_text import benchmark_text
from reports.render.cell_text import cell_text, legend
from reports.render.provenance import (
    compared_sentence,
    exclusion_notes,
    facts_elsewhere,
    missing_facts,
    other_caveats,
    report_header,
)

_GAP = 2  # a space after each cell and one for the rule between columns
# Widths to try for the lines below a number, the widest first, until the table fits the terminal.
_LINE_WIDTHS = (60, 44, 36, 30, 26, 23, 21, 20, 19, 18, 17, 16, 14, 0)

_HEADING_BREAK = re.compile(r"\s+|(?<=-)")
_TOTAL = "The total is computed from the calls, not from the rows above it."


@dataclass(frozen=True)
class Column:
    """One column as text: its heading, and the lines of each cell, the total last."""

    heading: str
    cells: list[list[str]]
    numeric: bool

    @property
    def width(self) -> int:
        """The characters it needs to break no word and no number."""
        words = _HEADING_BREAK.split(self.heading)
        return max(map(len, [*words, *(line for cell in self.cells for line in cell)]))


def render(report: Report, width: int) -> RenderableType:
    """The report as it fits a terminal of this width."""
    if is_empty(report):
        return Group(*heading(report), "", _empty_message(report))
    reading = Text("\n".join([*legend(report), *([_TOTAL] if report.request.by else [])]), style="dim")
    return Group(*heading(report), reading, "", *_tables(report, width), *footnotes(report))


def heading(report: Report) -> Iterator[Text]:
    """The lines above the numbers: the title, the window, the filters and the moment."""
    request, window = report.request, report.request.window
    title = PRESETS[request.preset].title if request.preset else "Report"
    by = f" by {' and '.join(dimension.title.lower() for dimension in request.by)}" if request.by else ""
    yield Text(title + by, style="bold")
    yield Text(f"{_moment(window.local(window.start))} to {_moment(window.local(window.end))} ({window.zone_name})")
    if compared := compared_sentence(report):
        yield Text(compared)
    if request.filters:
        yield Text("filters: " + ", ".join(f"{name} {_any_of(codes)}" for name, codes in request.filters.items()))
    if request.goal != "sale":
        yield Text(f"success means: {request.goal}")
    yield Text(f"data of {_moment(window.local(report.as_of), seconds=True)}, {_age(report)}", style="dim")


def _any_of(codes: Sequence[str]) -> str:
    return " or ".join(_printable(code) or "none" for code in codes)


def _age(report: Report) -> str:
    """The time that the counted calls had to reach an outcome."""
    age = report_header(report)["cohort_age"]
    youngest, oldest = (f"{age[f'{end}_days']:.0f}" for end in ("youngest", "oldest"))
    return f"{youngest} to {oldest} days after the calls"


def _tables(report: Report, width: int) -> Iterator[Table]:
    """One table if its width fits; otherwise several, each with all groups."""
    keys = [_key_column(report, dimension) for dimension in report.request.by] or [
        Column("", [["total"]], numeric=False)
    ]
    rows = [*report.groups.iter_rows(named=True), *report.total.iter_rows(named=True)]
    cells = {metric.title: [cell_text(metric, row, report) for row in rows] for metric in report.request.displayed}
    columns = list[Column]()
    for width_below in _LINE_WIDTHS:
        columns = [
            Column(title, [text.lines(width_below) for text in column], numeric=True) for title, column in cells.items()
        ]
        if _width(keys + columns) <= width:
            break
    while columns:
        fitting = max((n for n in range(1, len(columns) + 1) if _width(keys + columns[:n]) <= width), default=1)
        yield _table(report, keys + columns[:fitting])
        columns = columns[fitting:]


def _width(columns: Iterable[Column]) -> int:
    return sum(column.width + _GAP for column in columns)


def _table(report: Report, columns: Sequence[Column]) -> Table:
    tallest = max(len(cell) for column in columns for cell in column.cells)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, _GAP - 1, 0, 0), leading=1 if tallest > 2 else 0)
    for column in columns:
        justify = "right" if column.numeric else "left"
        heading = "\n".join(textwrap.wrap(column.heading, column.width))
        table.add_column(heading, justify=justify, width=column.width)
    groups = report.groups.height
    for index in range(groups + 1):
        if index == groups and groups:
            table.add_section()
        table.add_row(*(_cell(column.cells[index]) for column in columns))
    return table


def _cell(lines: Sequence[str]) -> Text:
    first, *rest = lines
    return Text.assemble(first, *((f"\n{line}", "dim") for line in rest))


def _key_column(report: Report, dimension: Dimension) -> Column:
    first = dimension is report.request.by[0]
    cells = [[key_text(key, dimension)] for key in report.groups[dimension.name]]
    return Column(dimension.title, [*cells, ["total" if first else ""]], numeric=False)


def key_text(key: object, dimension: Dimension) -> str:
    """The key of a group as text."""
    match key:
        case None:
            return dimension.missing
        case datetime():
            return f"{key:%a %Y-%m-%d %H:%M %z}"
        case date():
            return f"{key:%a %Y-%m-%d}"
        case _:
            return _printable(str(key))


def _printable(code: str) -> str:
    """A code without control characters: it is the caller's own text and must not steer the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in code)


def footnotes(report: Report) -> Iterator[RenderableType]:
    """The lines below the numbers: exclusions, caveats and benchmarks."""
    yield from (Text(line) for line in exclusion_notes(report))
    yield from (Text(f"Note: {_printable(note)}") for note in other_caveats(report))
    if report.benchmarks:
        yield _benchmark_table(report)


def _benchmark_table(report: Report) -> Table:
    headings = ("Benchmark", "Actual", "Reference", "Comparison", "Source")
    table = Table(*headings, box=box.SIMPLE_HEAD, show_edge=False, padding=(0, _GAP - 1, 0, 0))
    for result in report.benchmarks:
        cells = benchmark_text(result, report.request.currency).cells
        table.add_row(*(Text(_printable(text)) for text in cells))
    return table


def is_empty(report: Report) -> bool:
    """Whether there is nothing to show; some numbers look back further than the window that counts rows."""
    total = report.total.row(0, named=True)
    if report.withheld:
        return False
    return not any(report.counted.values()) and not any(total[metric.column("n")] for metric in report.request.metrics)


def _empty_message(report: Report) -> Text:
    message = "No data in this period with these filters." if report.request.filters else "No data in this period."
    lines = [message, *exclusion_notes(report)]
    lines += missing_facts(report)
    lines += [f"{sentence}: choose that period with --from and --to." for sentence in facts_elsewhere(report)]
    return Text("\n".join(lines))


def _moment(moment: datetime, *, seconds: bool = False) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M:%S}" if seconds else f"{moment:%a %Y-%m-%d %H:%M}"
