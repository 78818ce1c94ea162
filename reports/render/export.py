"""The same report as one flat table, for spreadsheets and other programs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import orjson
import polars as pl

from reports.query.drill_through import Rows
from reports.query.report import Report
from reports.render.json_document import provenance, to_json
from reports.render.provenance import Plain, constants, head
from reports.render.xlsx import to_xlsx

Format = Literal["json", "csv", "xlsx", "parquet", "arrow"]


@dataclass(frozen=True)
class Form:
    """One way to write a report down."""

    media_type: str
    write: Callable[[Report], bytes]


# What a spreadsheet would run as a formula. A phone number in E.164 is none, and is left as it is.
_FORMULA = r"^[=+\-@\t\r]"
_E164 = r"^\+[0-9]+$"
_HOUR = "%Y-%m-%dT%H:%M:%S%:z"


def flat(report: Report, said: Mapping[str, Plain]) -> pl.DataFrame:
    """A row per group and one of the total, and at their end what was said of all of them."""
    parts = [report.groups.with_columns(row_type=pl.lit("group")), report.total.with_columns(row_type=pl.lit("total"))]
    table = pl.concat(parts, how="diagonal").with_columns(pl.lit(value).alias(name) for name, value in said.items())
    return table.select("row_type", pl.exclude("row_type"))


def to_csv(report: Report) -> str:
    """The report as CSV, in which no text can be run by a spreadsheet."""
    # Moments are spelled as in JSON.
    spelled = {name: str(value) for name, value in provenance(report).items()}
    table = flat(report, constants(report) | spelled)
    return table.with_columns(*_spelled(table)).write_csv()


def rows_to_csv(rows: Rows) -> bytes:
    """Rows behind a number as CSV, each with what it adds, in which no text can be run by a spreadsheet."""
    return rows.items.with_columns(*_spelled(rows.items)).write_csv().encode()


def to_parquet(report: Report) -> bytes:
    """The report as Parquet; its metadata `calltally` is the JSON answer without the numbers."""
    buffer = BytesIO()
    _typed(report).write_parquet(buffer, metadata={"calltally": orjson.dumps(head(report)).decode()})
    return buffer.getvalue()


def to_arrow(report: Report) -> bytes:
    """The report as an Arrow file, in types that every reader of Arrow knows."""
    buffer = BytesIO()
    _typed(report).write_ipc(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


FORMATS: dict[Format, Form] = {
    "json": Form("application/json", to_json),
    "csv": Form("text/csv", lambda report: to_csv(report).encode()),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
    "parquet": Form("application/vnd.apache.parquet", to_parquet),
    "arrow": Form("application/vnd.apache.arrow.file", to_arrow),
}


def write(report: Report, form: Format) -> bytes:
    """The report in a form."""
    return FORMATS[form].write(report)


def _typed(report: Report) -> pl.DataFrame:
    """The flat table with dates as dates, moments as moments of a zone, and one of a few words as text."""
    table = flat(report, constants(report))
    return table.cast({name: pl.String for name, kind in table.schema.items() if isinstance(kind, pl.Enum)})


def _spelled(table: pl.DataFrame) -> Iterable[pl.Expr]:
    for name, kind in table.schema.items():
        if isinstance(kind, pl.Datetime):
            yield pl.col(name).dt.to_string(_HOUR)
        elif kind == pl.String:
            risky = pl.col(name).str.contains(_FORMULA) & ~pl.col(name).str.contains(_E164)
            yield pl.when(risky).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
