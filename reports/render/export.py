"""A report as one flat table, for spreadsheets and other programs: CSV, Parquet, Arrow."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import orjson
import polars as pl

from reports.measures.metric import Metric
from reports.query.drill_through import Rows
from reports.query.report import Report
from reports.render import formatting
from reports.render.compared_document import compared_with
from reports.render.formats import Format
from reports.render.json_document import provenance, to_json
from reports.render.provenance import Scalar, constants, report_header


@dataclass(frozen=True)
class ReportFormat:
    """A format that a report can be written in."""

    media_type: str
    write: Callable[[Report], bytes]


# A spreadsheet would run this text as a formula. A phone number in E.164 is no formula and stays as it is.
_FORMULA = r"^[=+\-@\t\r]"
_E164 = r"^\+[0-9]+$"
_HOUR = "%Y-%m-%dT%H:%M:%S%:z"


def flat_table(report: Report, constant_columns: Mapping[str, Scalar]) -> pl.DataFrame:
    """A row for each group and one for the total, with the same constant columns at the end of every row."""
    tables = [report.groups.with_columns(row_type=pl.lit("group")), report.total.with_columns(row_type=pl.lit("total"))]
    table = pl.concat(tables, how="diagonal").with_columns(
        pl.lit(value).alias(name) for name, value in constant_columns.items()
    )
    return table.select("row_type", pl.exclude("row_type"))


def to_csv(report: Report) -> str:
    """The report as CSV; a spreadsheet runs none of its text."""
    # Times are written as in JSON.
    times = {name: str(value) for name, value in provenance(report).items()}
    if compared := compared_with(report.request.compare):
        times |= {"compared_from": compared["from"], "compared_to": compared["to"], "compared_until": compared["until"]}
    table = flat_table(report, constants(report) | times).with_columns(_reasons(report))
    return table.with_columns(*_csv_columns(table)).write_csv()


def rows_to_csv(rows: Rows) -> bytes:
    """The rows of a number as CSV, each with what it adds; a spreadsheet runs none of its text."""
    return rows.items.with_columns(*_csv_columns(rows.items)).write_csv().encode()


def to_parquet(report: Report) -> bytes:
    """The report as Parquet; its metadata `calltally` is the JSON document without the numbers."""
    buffer = BytesIO()
    _typed_table(report).write_parquet(buffer, metadata={"calltally": orjson.dumps(report_header(report)).decode()})
    return buffer.getvalue()


def to_arrow(report: Report) -> bytes:
    """The report as an Arrow file, with types that every Arrow reader knows."""
    buffer = BytesIO()
    _typed_table(report).write_ipc(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def _to_xlsx(report: Report) -> bytes:
    from reports.render.xlsx import to_xlsx  # noqa: PLC0415  few reports become a workbook

    return to_xlsx(report)


FORMATS: dict[Format, ReportFormat] = {
    "json": ReportFormat("application/json", to_json),
    "csv": ReportFormat("text/csv", lambda report: to_csv(report).encode()),
    "xlsx": ReportFormat("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _to_xlsx),
    "parquet": ReportFormat("application/vnd.apache.parquet", to_parquet),
    "arrow": ReportFormat("application/vnd.apache.arrow.file", to_arrow),
}


def write(report: Report, form: Format) -> bytes:
    """The report in a format."""
    return FORMATS[form].write(report)


def _typed_table(report: Report) -> pl.DataFrame:
    """The flat table with typed dates and times; enumerations become text."""
    table = flat_table(report, constants(report))
    return table.cast({name: pl.String for name, kind in table.schema.items() if isinstance(kind, pl.Enum)})


def _reasons(report: Report) -> Iterable[pl.Series]:
    """The reasons for missing numbers in words: cannot tell (0-100%)."""
    for metric in report.request.metrics:
        if "reason" in report.cell_columns[metric.name]:
            rows = [*report.groups.iter_rows(named=True), *report.total.iter_rows(named=True)]
            yield pl.Series(metric.column("reason"), [_reason(metric, row) for row in rows], dtype=pl.String)


def _reason(metric: Metric, row: Mapping[str, Any]) -> str | None:
    reason, low, high = (row[metric.column(part)] for part in ("reason", "range_low", "range_high"))
    return None if reason is None else formatting.cannot_tell(low, high, metric)


def _csv_columns(table: pl.DataFrame) -> Iterable[pl.Expr]:
    for name, kind in table.schema.items():
        if isinstance(kind, pl.Datetime):
            yield pl.col(name).dt.to_string(_HOUR)
        elif kind == pl.String:
            risky = pl.col(name).str.contains(_FORMULA) & ~pl.col(name).str.contains(_E164)
            yield pl.when(risky).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
