"""A report for people at a terminal: percentages, each with its interval and how many stand behind it."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reports.dimensions import Dimension
from reports.measures import CELL
from reports.metric import Metric, Unit
from reports.presets import PRESETS
from reports.report import Report

NOTHING = "-"
_GAP = 2  # a space after each cell and one for the rule between columns

_HEADING_BREAK = re.compile(r"\s+|(?<=-)")
_READING = (
    "Below each number: where it lies with 95 % confidence, and how many (n) it was taken from; - where there is"
    " nothing to take it from. The total is computed from the calls, not from the rows above it."
)

_ASIDE = {
    "open": "still open",
    "unmapped": "with a code that has no meaning yet",
    "undisposed": "over, but without a disposition",
    "unattributed": "unattributed",
}


@dataclass(frozen=True)
class Column:
    """One column as text: its heading, a cell per group, and the cell of the total."""

    heading: str
    cells: list[list[str]]
    numeric: bool

    @property
    def width(self) -> int:
        """The characters it needs so that no word and no number is broken."""
        words = _HEADING_BREAK.split(self.heading)
        return max(map(len, [*words, *(line for cell in self.cells for line in cell)]))


def render(report: Report, width: int) -> RenderableType:
    """The report as it fits a terminal of this width."""
    if not any(report.counted.values()):
        return Group(*_heading(report), "", _nothing_found(report))
    return Group(*_heading(report), *_tables(report, width), *_aside(report), Text(_READING, style="dim"))


def _heading(report: Report) -> Iterator[Text]:
    ask, window = report.ask, report.ask.window
    title = PRESETS[ask.preset].title if ask.preset else "Report"
    by = f" by {' and '.join(dimension.title.lower() for dimension in ask.by)}" if ask.by else ""
    yield Text(title + by, style="bold")
    yield Text(f"{_moment(window.local(window.start))} up to {_moment(window.local(window.end))} ({window.zone_name})")
    if ask.filters:
        yield Text("only " + ", ".join(f"{name} {_one_of(codes)}" for name, codes in ask.filters.items()))
    yield Text(f"as known at {_moment(window.local(report.as_of), seconds=True)}", style="dim")


def _one_of(codes: Sequence[str]) -> str:
    return " or ".join(code or "none" for code in codes)


def _tables(report: Report, width: int) -> Iterator[Table]:
    """One table if it fits, in wide cells or else in tall ones; otherwise several, the groups repeated in each."""
    keys = [_key_column(report, dimension) for dimension in report.ask.by] or [Column("", [["total"]], numeric=False)]
    wide = [_metric_column(report, metric, tall=False) for metric in report.ask.metrics]
    tall = [_metric_column(report, metric, tall=True) for metric in report.ask.metrics]
    if _width(keys + wide) <= width:
        yield _table(report, keys + wide)
        return
    while tall:
        fitting = max((n for n in range(1, len(tall) + 1) if _width(keys + tall[:n]) <= width), default=1)
        yield _table(report, keys + tall[:fitting])
        tall = tall[fitting:]


def _width(columns: Iterable[Column]) -> int:
    return sum(column.width + _GAP for column in columns)


def _table(report: Report, columns: Sequence[Column]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, _GAP - 1, 0, 0))
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
    first = dimension is report.ask.by[0]
    cells = [[_key(key, dimension)] for key in report.groups[dimension.name]]
    return Column(dimension.title, [*cells, ["total" if first else ""]], numeric=False)


def _key(key: object, dimension: Dimension) -> str:
    match key:
        case None:
            return dimension.missing
        case datetime():
            return f"{key:%a %Y-%m-%d %H:%M %z}"
        case date():
            return f"{key:%a %Y-%m-%d}"
        case _:
            # A code is the caller's own text: what would steer a terminal is shown, not sent.
            return "".join(letter if letter.isprintable() else "�" for letter in str(key))


def _metric_column(report: Report, metric: Metric, *, tall: bool) -> Column:
    rows = [*report.groups.iter_rows(named=True), *report.total.iter_rows(named=True)]
    cells = [_number(metric, {part: row[metric.column(part)] for part in CELL}, tall=tall) for row in rows]
    return Column(metric.title, cells, numeric=True)


def _number(metric: Metric, cell: dict[str, Any], *, tall: bool) -> list[str]:
    """The value, and below it its interval and how many it was taken from."""
    value = _shown(cell["value"], metric.unit)
    if cell["denominator"] is None:
        return [value]
    count = f"n {cell['denominator']:,}"
    bounds = [cell["ci_low"], cell["ci_high"]]
    interval = "-".join(_bound(bound, metric.unit) for bound in bounds) if any(b is not None for b in bounds) else ""
    return [value, interval, count] if tall else [value, f"{interval}  {count}".strip()]


def _shown(value: float | None, unit: Unit) -> str:
    if value is None:
        return NOTHING
    return {"ratio": f"{_bare(value, unit)} %", "s": f"{_bare(value, unit)} s"}.get(unit, _bare(value, unit))


def _bare(value: float, unit: Unit) -> str:
    return {"ratio": f"{value * 100:.1f}", "s": f"{value:,.1f}"}.get(unit, f"{value:,}")


def _bound(bound: float | None, unit: Unit) -> str:
    """One end of an interval; a tenth of a second would only pretend to be known."""
    if bound is None:
        return "?"
    return f"{bound:,.0f}" if unit == "s" else _bare(bound, unit)


def _aside(report: Report) -> Iterator[Text]:
    test = report.excluded.get("test", 0)
    noted = [f"{report.excluded[reason]:,} {words}" for reason, words in _ASIDE.items() if report.excluded.get(reason)]
    if test:
        yield Text(f"Left out: {_attempts(test)} marked as test.")
    if noted:
        yield Text(f"Among the {report.counted['attempts']:,} attempts: {', '.join(noted)}.")


def _nothing_found(report: Report) -> Text:
    lines = ["No attempts in this window" + (" that pass these filters." if report.ask.filters else ".")]
    if report.excluded.get("test", 0):
        lines.append(f"Left out: {_attempts(report.excluded['test'])} marked as test.")
    if report.span is None:
        lines.append(
            "The account has no attempts yet: post them to /v1/attempts, or bring a file with `calltally import`."
        )
    else:
        first, last = (report.ask.window.local(moment).date() for moment in report.span)
        lines.append(f"The account has attempts from {first} to {last}: ask for them with --from and --to.")
    return Text("\n".join(lines))


def _attempts(count: int) -> str:
    return f"{count:,} attempt{'' if count == 1 else 's'}"


def _moment(moment: datetime, *, seconds: bool = False) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M:%S}" if seconds else f"{moment:%a %Y-%m-%d %H:%M}"
