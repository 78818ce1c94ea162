"""The report as a workbook for Excel and its like: numbers as numbers, dates as dates, and nothing that runs.

Four sheets: the numbers, what each of them means, what the report is about, and, where asked for, the benchmarks. No
cell is a formula or a link, whatever somebody called a campaign. Workbooks know no zones: moments stand as they read on
the clocks of the report's zone, which is named, with their offset beside them where an hour is lived twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from io import BytesIO
from typing import Any, TypeAlias, cast

from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]
from xlsxwriter.format import Format  # pyright: ignore[reportMissingTypeStubs]
from xlsxwriter.worksheet import Worksheet  # pyright: ignore[reportMissingTypeStubs]

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import Dimension
from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting
from reports.render.provenance import constants, entry, filters, head

Row: TypeAlias = Mapping[str, Any]
Looks: TypeAlias = str | Callable[[float], str]

# How the parts of a cell are called after the title of their metric. What has no words here is called by its name.
_WORDS = {
    "ci_low": "low (95 %)",
    "ci_high": "high (95 %)",
    "standardised": "at the same mix",
    "shrunk": "likely",
    "shrunk_low": "likely, low",
    "shrunk_high": "likely, high",
}
_NUMBERS_OF_THINGS = {"n", "previous_n", "rank", "rank_low", "rank_high"}
_COMPARED = {"low", "high", "value", "gap", "gap_low", "gap_high"}
_VERDICTS = {"cannot_tell": "cannot tell", "not_comparable": "not comparable"}
_SAID = {
    "zone": "Time zone",
    "from": "From",
    "to": "Up to, not included",
    "as_of": "As known at",
    "watermark": "Everything in it that was recorded up to",
    "goal": "Goal",
    "models": "Models of attribution",
    "currency": "Currency",
}

_GENERAL, _DAY, _MOMENT = "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_LONGEST_TEXT = 32_767
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_TEXT = {"text_wrap": True, "valign": "top", "align": "left"}


@dataclass(frozen=True)
class Column:
    """One column of numbers or codes: its heading, the cell of a row, and how a number in it looks."""

    heading: str
    read: Callable[[Row], Any]
    looks: Looks = _GENERAL


class Styles:
    """How cells look; every way is made once for a workbook."""

    def __init__(self, workbook: Workbook, **always: Any) -> None:
        self._workbook = workbook
        self._always = always
        self._made: dict[tuple[str, bool], Format] = {}

    def of(self, number_format: str = _GENERAL, *, quoted: bool = False) -> Format:
        """The style for a number format; quoted text stays text, also when somebody edits it."""
        key = (number_format, quoted)
        if key not in self._made:
            said = {**self._always, "num_format": number_format, "quote_prefix": quoted}
            self._made[key] = self._workbook.add_format(said)  # pyright: ignore[reportUnknownMemberType]
        return self._made[key]


def to_xlsx(report: Report) -> bytes:
    """The report as a workbook."""
    buffer = BytesIO()
    # Row by row to disk: a report may have 100,000 of them.
    with Workbook(buffer, {"constant_memory": True, "nan_inf_to_errors": True}) as workbook:
        _write_numbers(workbook, report)
        _write_definitions(workbook, report)
        _write_about(workbook, report)
        if report.benchmarks:
            _write_benchmarks(workbook, report)
    return buffer.getvalue()


def heading(metric: Metric, part: str) -> str:
    """What the column of a part of a metric's cell is called."""
    return metric.title if part == "value" else f"{metric.title}: {_WORDS.get(part, part.replace('_', ' '))}"


def _write_numbers(workbook: Workbook, report: Report) -> None:
    keys = [Column("Row", lambda row: row[""]), *_keys(report)]
    columns = [*keys, *_cells(report)]
    widths = [max(9, min(len(column.heading) + 2, 18)) for column in columns]
    sheet = _sheet(workbook, "Report", [column.heading for column in columns], widths, len(keys))
    groups, total = Styles(workbook), Styles(workbook, bold=True)
    for line, row in enumerate(report.groups.iter_rows(named=True), 1):
        _write_row(sheet, line, columns, row | {"": "group"}, groups)
    last = report.groups.height + 1
    nobody = dict.fromkeys(dimension.name for dimension in report.request.by)
    _write_row(sheet, last, columns, {**nobody, **report.total.row(0, named=True), "": "total"}, total)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _write_row(sheet: Worksheet, line: int, columns: Sequence[Column], row: Row, styles: Styles) -> None:
    for place, column in enumerate(columns):
        value = column.read(row)
        if isinstance(value, int | float):
            looks = column.looks if isinstance(column.looks, str) else column.looks(value)
            sheet.write_number(line, place, value, styles.of(looks))
        else:
            _put(sheet, line, place, value, styles)


def _keys(report: Report) -> Iterable[Column]:
    zone = report.request.window.zone_name
    for dimension in report.request.by:
        title = f"{dimension.title} ({zone})" if dimension.bucket else dimension.title
        yield Column(title, partial(_key, dimension))
        if dimension.name == "hour":
            yield Column("Hour: offset from UTC", lambda row: row["hour"] and row["hour"].isoformat()[-6:])


def _key(dimension: Dimension, row: Row) -> Any:
    """A group's code; of the total there is none, and what has no code is told in words."""
    key = row[dimension.name]
    return dimension.missing if key is None and row[""] == "group" else key


def _cells(report: Report) -> Iterable[Column]:
    for metric in report.request.metrics:
        for part in report.cell_columns[metric.name]:
            read = partial(_told, metric.column(part))
            yield Column(heading(metric, part), read, _looks(metric, part, report.request.currency))


def _told(name: str, row: Row) -> Any:
    """A number, or a verdict as people write it."""
    value = row[name]
    return _VERDICTS.get(value, value) if isinstance(value, str) else value


def _looks(metric: Metric, part: str, currency: str) -> Looks:
    """How the numbers of a part look."""
    if part in _NUMBERS_OF_THINGS:
        return "#,##0"
    if part in {"numerator", "denominator"}:
        return _GENERAL
    return partial(_number_format, metric, currency, signed=part.startswith("difference"))


def _number_format(metric: Metric, currency: str, value: float, *, signed: bool = False) -> str:
    """With as many decimals as tell a value apart from a limit, and with its unit."""
    decimals = formatting.places(value, metric)
    number = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    if metric.unit == "ratio":
        number += "%"
    elif unit := " s" if metric.unit == "s" else formatting.after(metric.unit, currency):
        number += f'"{unit}"'
    return f"+{number};-{number};{number}" if signed else number


def _write_definitions(workbook: Workbook, report: Report) -> None:
    widths = {"Name": 26, "Title": 28, "Version": 8, "Unit": 9, "Formula": 50, "Meaning": 60, "Definition": 100}
    sheet = _sheet(workbook, "Definitions", list(widths), widths.values(), 2)
    styles = Styles(workbook, **_TEXT)
    for line, metric in enumerate(report.request.metrics, 1):
        told = entry(metric)
        cells = (metric.name, metric.title, metric.version, metric.unit, metric.formula, told.meaning, told.definition)
        for place, value in enumerate(cells):
            _put(sheet, line, place, value, styles)


def _write_about(workbook: Workbook, report: Report) -> None:
    sheet = _sheet(workbook, "About", ["What", "Value", "Exactly"], (34, 60, 36), 1)
    styles = Styles(workbook, **_TEXT)
    for line, (name, value) in enumerate(_about(report), 1):
        local = report.request.window.local(value) if isinstance(value, datetime) else value
        exactly = local.isoformat() if isinstance(local, datetime) else None
        for place, each in enumerate((name, local, exactly)):
            _put(sheet, line, place, each, styles)


def _about(report: Report) -> Iterable[tuple[str, Any]]:
    said = constants(report)
    yield from ((name, said[key]) for key, name in _SAID.items())
    for name, days in head(report)["cohort_age"].items():
        yield f"Age of the {name.removesuffix('_days')}, in days", days
    for name, code in filters(report):
        yield f"Only {name.replace('_', ' ')}", code or "none"
    for reason, count in report.excluded.items():
        yield f"Noted: {reason.replace('_', ' ')}", count
    for note in report.caveats:
        yield "Note", note


def _write_benchmarks(workbook: Workbook, report: Report) -> None:
    told: list[dict[str, Any]] = head(report)["benchmarks"]
    names = [name for name in told[0] if name != "metric"]
    widths = [28, *(60 if name in {"source", "differs"} else 14 for name in names)]
    headings = ["Metric", *(name.replace("_", " ").capitalize() for name in names)]
    sheet = _sheet(workbook, "Benchmarks", headings, widths, 1)
    styles = Styles(workbook, **_TEXT)
    for line, row in enumerate(told, 1):
        metric = catalogue()[row["metric"]].metric
        _put(sheet, line, 0, metric.title, styles)
        for place, name in enumerate(names, 1):
            number = name in _COMPARED and row[name] is not None
            looks = _number_format(metric, report.request.currency, row[name]) if number else _GENERAL
            _put(sheet, line, place, _text_of(row[name]), styles, looks)


def _text_of(value: Any) -> Any:
    """What a cell can hold: yes or no, a group as its codes, a verdict in words."""
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{name} {code}" for name, code in cast("dict[str, str]", value).items())
        case _:
            return _VERDICTS.get(value, value)


def _sheet(workbook: Workbook, name: str, headings: Sequence[str], widths: Iterable[float], fixed: int) -> Worksheet:
    """A new sheet with headings that stay in sight, as do its first columns."""
    sheet = workbook.add_worksheet(name)  # pyright: ignore[reportUnknownMemberType]
    style = Styles(workbook, bold=True, text_wrap=True, valign="top", bottom=1).of()
    for column, (text, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, style)
    sheet.freeze_panes(1, fixed)
    return sheet


def _put(sheet: Worksheet, line: int, place: int, value: Any, styles: Styles, looks: str = _GENERAL) -> None:
    """A value into a cell, as what it is; nothing where there is none."""
    match value:
        case None | "":
            return
        case str():
            style = styles.of(quoted=value.startswith(_RISKY))
            sheet.write_string(line, place, value[:_LONGEST_TEXT], style)
        case datetime():
            sheet.write_datetime(line, place, value.replace(tzinfo=None), styles.of(_MOMENT))
        case date():
            sheet.write_datetime(line, place, datetime.combine(value, time()), styles.of(_DAY))
        case _:
            sheet.write_number(line, place, value, styles.of(looks))
