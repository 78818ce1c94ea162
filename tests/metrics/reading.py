"""Reads reports back out of the forms they were written in, as a program or a person would."""

import csv
import io
import re
from datetime import date, datetime
from typing import Any

import orjson
import polars as pl
from rich.console import Group
from rich.table import Table
from rich.text import Text

from reports.catalogue.dimensions import DIMENSIONS
from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render.terminal import render
from reports.render.xlsx import heading

Row = dict[str, Any]

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_TWO_UNITS = re.compile(r"(-?)([\d,]+) ?([mhd]) ?(\d\d) ?([smh])")
_ONE_UNIT = re.compile(r"(-?)([\d,]+) ?([smhd])")
_NUMBER = re.compile(r"(-?)[$€£]?([\d,]+(?:\.(\d+))?)([MB]\b)?(%|/day|/h| .*)?.*")
_LARGE = {"M": 10**6, "B": 10**9, None: 1}


def truth(report: Report) -> list[Row]:
    """The rows of a report as it is: the groups and the total, the columns of which are its keys and parts."""
    keys = [dimension.name for dimension in report.request.by]
    total = {**dict.fromkeys(keys), **report.total.row(0, named=True)}
    return [*report.groups.iter_rows(named=True), {name: total[name] for name in report.groups.columns or total}]


def columns(report: Report) -> dict[str, tuple[Metric, str]]:
    """The metric and the part of every column that holds a number."""
    return {
        metric.column(part): (metric, part)
        for metric in report.request.metrics
        for part in report.cell_columns[metric.name]
    }


def from_json(content: bytes, report: Report) -> list[Row]:
    """The rows of the JSON form."""
    answer = orjson.loads(content)
    rows = [*answer["groups"], {"group": {}, "cells": answer["total"]}]
    return [
        {
            **{
                dimension.name: _key(row["group"].get(dimension.name), dimension.name)
                for dimension in report.request.by
            },
            **{name: row["cells"][metric.name][part] for name, (metric, part) in columns(report).items()},
        }
        for row in rows
    ]


def from_csv(content: bytes, report: Report) -> list[Row]:
    """The rows of the CSV form; a text that a spreadsheet might run has an apostrophe before it."""
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert [row["row_type"] for row in rows] == ["group"] * (len(rows) - 1) + ["total"]
    numbers = columns(report)
    return [
        {
            **{
                dimension.name: _key(row[dimension.name].removeprefix("'") or None, dimension.name)
                for dimension in report.request.by
            },
            **{name: _read(row[name], part) for name, (_, part) in numbers.items()},
        }
        for row in rows
    ]


def from_frame(table: pl.DataFrame, report: Report) -> list[Row]:
    """The rows of the Parquet and the Arrow form."""
    return table.select(*(dimension.name for dimension in report.request.by), *columns(report)).rows(named=True)


def from_xlsx(content: bytes, report: Report) -> list[Row]:
    """The rows of the first sheet of the workbook."""
    sheet = pl.read_excel(content, sheet_name="Report", infer_schema_length=None)
    # A column with words among its numbers is read as text, and with few digits: its numbers are read once more.
    mixed = {heading(metric, "value"): pl.Float64 for metric, part in columns(report).values() if part == "reason"}
    numbers = pl.read_excel(content, sheet_name="Report", schema_overrides=mixed).select(*mixed) if mixed else sheet
    words = sheet.rename({name: f"{name} in words" for name in mixed})
    both = words.hstack(numbers) if mixed else sheet
    return [
        {
            **{dimension.name: _cell_key(row, dimension.name, report) for dimension in report.request.by},
            **{name: _cell(row, metric, part) for name, (metric, part) in columns(report).items()},
        }
        for row in both.iter_rows(named=True)
    ]


def from_table(report: Report) -> list[dict[str, str]]:
    """The first line of every cell of the terminal's table, by metric."""
    drawn = render(report, 10**6)
    assert isinstance(drawn, Group)
    [table] = [part for part in drawn.renderables if isinstance(part, Table) and part.columns[0].header != "Benchmark"]
    read = [[_first_line(cell) for cell in column.cells] for column in table.columns]
    numbers = read[-len(report.request.metrics) :]
    names = [metric.name for metric in report.request.metrics]
    return [dict(zip(names, row, strict=True)) for row in zip(*numbers, strict=True)]


def parse_number(text: str) -> tuple[float, float]:
    """A number as people read it, in the unit of the API, and by how much rounding may have moved it.

    Zeros at the end of a whole number may stand for digits that are not known.
    """
    if match := _TWO_UNITS.fullmatch(text):
        sign, large, first, small, second = match.groups()
        seconds = int(large.replace(",", "")) * _SECONDS[first] + int(small) * _SECONDS[second]
        return (-seconds if sign else seconds), _SECONDS[second] * _places(small)
    if match := _ONE_UNIT.fullmatch(text):
        sign, whole, unit = match.groups()
        seconds = int(whole.replace(",", "")) * _SECONDS[unit]
        return (-seconds if sign else seconds), _SECONDS[unit] * _places(whole)
    match = _NUMBER.fullmatch(text)
    assert match, text
    sign, number, decimals, large, unit = match.groups()
    scale = 0.01 if unit == "%" else _LARGE[large]
    tolerance = (0.5000001 * 10 ** -len(decimals) if decimals else _places(number)) * scale
    return float(sign + number.replace(",", "")) * scale, tolerance


def _places(digits: str) -> float:
    """Half of the place of the last digit that is not 0."""
    whole = digits.replace(",", "")
    return 0.5000001 * 10 ** (len(whole) - max(len(whole.rstrip("0")), 1))


def _first_line(cell: Any) -> str:
    assert isinstance(cell, Text)
    return cell.plain.split("\n")[0]


def _key(text: str | None, dimension: str) -> Any:
    if text is None or DIMENSIONS[dimension].values or DIMENSIONS[dimension].bucket is None:
        return text
    return datetime.fromisoformat(text) if dimension == "hour" else date.fromisoformat(text)


def _cell_key(row: Row, name: str, report: Report) -> Any:
    dimension = DIMENSIONS[name]
    zone = report.request.window.zone_name
    key = row[f"{dimension.title} ({zone})" if dimension.bucket else dimension.title]
    if key is None or key == dimension.missing:
        return None
    if name == "hour":
        return datetime.fromisoformat(f"{key.isoformat()}{row['Hour: offset from UTC']}")
    return key


def _read(text: str, part: str) -> Any:
    if text == "":
        return None
    if part == "reason":
        return _words(text)
    return text if part == "verdict" else float(text)


def _cell(row: Row, metric: Metric, part: str) -> Any:
    """A cell of the workbook. The reason why there is no number stands in place of the number."""
    if part == "reason":
        reason = _words(row[f"{heading(metric, 'value')} in words"])
        return reason if reason == "cannot_tell" else None
    value = row[heading(metric, part)]
    return _VERDICTS.get(value, value) if part == "verdict" else _words(value)


# The workbook names verdicts in words.
_VERDICTS = {"no clear difference": "cannot_tell", "not comparable": "not_comparable"}


def _words(value: Any) -> Any:
    return "cannot_tell" if isinstance(value, str) and value.startswith("not enough data") else value
