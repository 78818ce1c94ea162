"""The report as an Excel workbook: numbers as numbers, dates as dates, and no formulas.

Four sheets: the numbers, their definitions, what the report is about, and the benchmarks if the report has any. No cell
is a formula or a link, whatever the name of a campaign. Workbooks have no time zones: times are those of the report's
zone, and the hours of a breakdown have their UTC offset beside them.
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
from reports.render.provenance import catalogue_entry, constants, filters, report_header

Row: TypeAlias = Mapping[str, Any]
NumberStyle: TypeAlias = str | Callable[[float], str]

# The words for the columns of a cell, after the title of the metric. Other columns use their own name.
_COLUMN_WORDS = {
    "ci_low": "low (95%)",
    "ci_high": "high (95%)",
    "standardised": "mix-adjusted",
    "shrunk": "adjusted for sample size",
    "shrunk_low": "adjusted, low (95%)",
    "shrunk_high": "adjusted, high (95%)",
    "previous_matured": "previous, with today's data",
    "previous_matured_n": "previous, with today's data, n",
}
_COUNT_COLUMNS = {"n", "previous_n", "previous_matured_n", "rank", "rank_low", "rank_high"}
_VALUE_COLUMNS = {"low", "high", "value", "gap", "gap_low", "gap_high"}
_VERDICTS = {"cannot_tell": "no clear difference", "not_comparable": "not comparable"}
_ABOUT_LABELS = {
    "zone": "Time zone",
    "from": "From",
    "to": "To (exclusive)",
    "compared_from": "Compared period, from",
    "compared_to": "Compared period, to (exclusive)",
    "compared_until": "Compared period, data of",
    "compared_by": "Compared with",
    "as_of": "Snapshot",
    "watermark": "Includes data recorded until",
    "goal": "Success means",
    "models": "Attribution models",
    "currency": "Currency",
}

_GENERAL, _DAY, _MOMENT = "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_MAX_TEXT = 32_767
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_TEXT = {"text_wrap": True, "valign": "top", "align": "left"}


@dataclass(frozen=True)
class Column:
    """One column of numbers or codes: its heading, its value in a row, and the style of its numbers."""

    heading: str
    read: Callable[[Row], Any]
    number_style: NumberStyle = _GENERAL


class Styles:
    """The styles of cells; a workbook holds each style once."""

    def __init__(self, workbook: Workbook, **always: Any) -> None:
        self._workbook = workbook
        self._base = always
        self._styles: dict[tuple[str, bool], Format] = {}

    def style(self, number_format: str = _GENERAL, *, quoted: bool = False) -> Format:
        """The style for a number format; quoted text stays text, even when it is edited."""
        key = (number_format, quoted)
        if key not in self._styles:
            properties = {**self._base, "num_format": number_format, "quote_prefix": quoted}
            self._styles[key] = self._workbook.add_format(properties)  # pyright: ignore[reportUnknownMemberType]
        return self._styles[key]


def to_xlsx(report: Report) -> bytes:
    """The report as a workbook."""
    buffer = BytesIO()
    # Written row by row to disk: a report may have 100,000 rows.
    with Workbook(buffer, {"constant_memory": True, "nan_inf_to_errors": True}) as workbook:
        _write_numbers(workbook, report)
        _write_definitions(workbook, report)
        _write_about(workbook, report)
        if report.benchmarks:
            _write_benchmarks(workbook, report)
    return buffer.getvalue()


def heading(metric: Metric, part: str) -> str:
    """The heading of one column of a metric's cell."""
    return metric.title if part == "value" else f"{metric.title}: {_COLUMN_WORDS.get(part, part.replace('_', ' '))}"


def _write_numbers(workbook: Workbook, report: Report) -> None:
    keys = [Column("Row", lambda row: row[""]), *_keys(report)]
    columns = [*keys, *_cells(report)]
    widths = [max(9, min(len(column.heading) + 2, 18)) for column in columns]
    sheet = _new_sheet(workbook, "Report", [column.heading for column in columns], widths, len(keys))
    groups, total = Styles(workbook), Styles(workbook, bold=True)
    for line, row in enumerate(report.groups.iter_rows(named=True), 1):
        _write_row(sheet, line, columns, row | {"": "group"}, groups)
    last = report.groups.height + 1
    no_codes = dict.fromkeys(dimension.name for dimension in report.request.by)
    _write_row(sheet, last, columns, {**no_codes, **report.total.row(0, named=True), "": "total"}, total)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _write_row(sheet: Worksheet, line: int, columns: Sequence[Column], row: Row, styles: Styles) -> None:
    for place, column in enumerate(columns):
        value = column.read(row)
        if isinstance(value, int | float):
            looks = column.number_style if isinstance(column.number_style, str) else column.number_style(value)
            sheet.write_number(line, place, value, styles.style(looks))
        else:
            _write_cell(sheet, line, place, value, styles)


def _keys(report: Report) -> Iterable[Column]:
    zone = report.request.window.zone_name
    for dimension in report.request.by:
        title = f"{dimension.title} ({zone})" if dimension.bucket else dimension.title
        yield Column(title, partial(_key, dimension))
        if dimension.name == "hour":
            yield Column("Hour: offset from UTC", lambda row: row["hour"] and row["hour"].isoformat()[-6:])


def _key(dimension: Dimension, row: Row) -> Any:
    """A group's code; a group without a code is named in words, and the total is empty."""
    key = row[dimension.name]
    return dimension.missing if key is None and row[""] == "group" else key


def _cells(report: Report) -> Iterable[Column]:
    for metric in report.request.metrics:
        for part in report.cell_columns[metric.name]:
            if part == "reason":
                continue  # it stands in place of the value
            plain = part != "value" or "reason" not in report.cell_columns[metric.name]
            read = partial(_readable, metric.column(part)) if plain else partial(_value_or_reason, metric)
            yield Column(heading(metric, part), read, _number_style(metric, part, report.request.currency))


def _readable(name: str, row: Row) -> Any:
    """A number, or a verdict in words."""
    value = row[name]
    return _VERDICTS.get(value, value) if isinstance(value, str) else value


def _value_or_reason(metric: Metric, row: Row) -> Any:
    """A number, or in words why there is none."""
    if row[metric.column("reason")] is None:
        return row[metric.name]
    return formatting.cannot_tell(row[metric.column("range_low")], row[metric.column("range_high")], metric)


def _number_style(metric: Metric, part: str, currency: str) -> NumberStyle:
    """The number style of one column of a cell."""
    if part in _COUNT_COLUMNS:
        return "#,##0"
    if part in {"numerator", "denominator"}:
        return _GENERAL
    return partial(_number_format, metric, currency, signed=part.startswith("difference"))


def _number_format(metric: Metric, currency: str, value: float, *, signed: bool = False) -> str:
    """A number format with the unit, and with the decimals that the value needs to differ from a limit."""
    decimals = formatting.decimals(value, metric, formatting.coins(metric, currency))
    number = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    before, after = formatting.unit_texts(metric.unit, currency)
    number = "".join([f'"{before}"' if before else "", number, f'"{after}"' if after and after != "%" else after])
    return f"+{number};-{number};{number}" if signed else number


def _write_definitions(workbook: Workbook, report: Report) -> None:
    widths = {"Name": 26, "Title": 28, "Version": 8, "Unit": 9, "Formula": 50, "Meaning": 60, "Definition": 100}
    sheet = _new_sheet(workbook, "Definitions", list(widths), widths.values(), 2)
    styles = Styles(workbook, **_TEXT)
    for line, metric in enumerate(report.request.metrics, 1):
        entry = catalogue_entry(metric)
        cells = (
            metric.name,
            metric.title,
            metric.version,
            metric.unit,
            metric.formula,
            entry.meaning,
            entry.definition,
        )
        for place, value in enumerate(cells):
            _write_cell(sheet, line, place, value, styles)


def _write_about(workbook: Workbook, report: Report) -> None:
    sheet = _new_sheet(workbook, "About", ["Item", "Value", "Exact time"], (34, 60, 36), 1)
    styles = Styles(workbook, **_TEXT)
    for line, (name, value) in enumerate(_about_lines(report), 1):
        local = report.request.window.local(value) if isinstance(value, datetime) else value
        exactly = local.isoformat() if isinstance(local, datetime) else None
        for place, cell in enumerate((name, local, exactly)):
            _write_cell(sheet, line, place, cell, styles)


def _about_lines(report: Report) -> Iterable[tuple[str, Any]]:
    values = constants(report)
    yield from ((name, values[key]) for key, name in _ABOUT_LABELS.items() if key in values)
    for name, days in report_header(report)["cohort_age"].items():
        yield f"Age of the {name.removesuffix('_days')} calls, in days", days
    for name, code in filters(report):
        yield f"Filter: {name.replace('_', ' ')}", code or "none"
    for reason, count in report.excluded.items():
        yield f"Noted: {reason.replace('_', ' ')}", count
    for note in report.caveats:
        yield "Note", note


def _write_benchmarks(workbook: Workbook, report: Report) -> None:
    results: list[dict[str, Any]] = report_header(report)["benchmarks"]
    names = [name for name in results[0] if name != "metric"]
    widths = [28, *(60 if name in {"source", "differs"} else 14 for name in names)]
    headings = ["Metric", *(name.replace("_", " ").capitalize() for name in names)]
    sheet = _new_sheet(workbook, "Benchmarks", headings, widths, 1)
    styles = Styles(workbook, **_TEXT)
    for line, row in enumerate(results, 1):
        metric = catalogue()[row["metric"]].metric
        _write_cell(sheet, line, 0, metric.title, styles)
        for place, name in enumerate(names, 1):
            number = name in _VALUE_COLUMNS and row[name] is not None
            looks = _number_format(metric, report.request.currency, row[name]) if number else _GENERAL
            _write_cell(sheet, line, place, _cell_value(row[name]), styles, looks)


def _cell_value(value: Any) -> Any:
    """A value as a cell holds it: yes or no, a group as its codes, a verdict in words."""
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{name} {code}" for name, code in cast("dict[str, str]", value).items())
        case _:
            return _VERDICTS.get(value, value)


def _new_sheet(
    workbook: Workbook, name: str, headings: Sequence[str], widths: Iterable[float], fixed: int
) -> Worksheet:
    """A new sheet; its headings and its first columns stay visible."""
    sheet = workbook.add_worksheet(name)  # pyright: ignore[reportUnknownMemberType]
    style = Styles(workbook, bold=True, text_wrap=True, valign="top", bottom=1).style()
    for column, (text, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, style)
    sheet.freeze_panes(1, fixed)
    return sheet


def _write_cell(sheet: Worksheet, line: int, place: int, value: Any, styles: Styles, looks: str = _GENERAL) -> None:
    """Write a value with its own type; an empty value writes nothing."""
    match value:
        case None | "":
            return
        case str():
            style = styles.style(quoted=value.startswith(_RISKY))
            sheet.write_string(line, place, value[:_MAX_TEXT], style)
        case datetime():
            sheet.write_datetime(line, place, value.replace(tzinfo=None), styles.style(_MOMENT))
        case date():
            sheet.write_datetime(line, place, datetime.combine(value, time()), styles.style(_DAY))
        case _:
            sheet.write_number(line, place, value, styles.style(looks))
