"""The same report as one flat table, for spreadsheets and other programs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from reports.document import provenance, to_json
from reports.report import Report

Format = Literal["json", "csv"]


@dataclass(frozen=True)
class Form:
    """One way to write a report down."""

    media_type: str
    write: Callable[[Report], bytes]


# What a spreadsheet would run as a formula. A phone number in E.164 is none, and is left as it is.
_FORMULA = r"^[=+\-@\t\r]"
_E164 = r"^\+[0-9]+$"
_HOUR = "%Y-%m-%dT%H:%M:%S%:z"


def flat(report: Report) -> pl.DataFrame:
    """A row per group and one of the total, and at their end what they were computed from."""
    ask = report.ask
    constants = {
        **provenance(report),
        "filters": "; ".join(f"{name}={code}" for name, codes in ask.filters.items() for code in codes),
        "definitions": " ".join(f"{metric.name}@{metric.version}" for metric in ask.metrics),
        **{f"excluded_{reason}": count for reason, count in report.excluded.items()},
    }
    parts = [report.groups.with_columns(row_type=pl.lit("group")), report.total.with_columns(row_type=pl.lit("total"))]
    table = pl.concat(parts, how="diagonal").with_columns(
        pl.lit(value).alias(name) for name, value in constants.items()
    )
    return table.select("row_type", pl.exclude("row_type"))


def to_csv(report: Report) -> str:
    """The report as CSV, in which no text can be run by a spreadsheet."""
    table = flat(report)
    return table.with_columns(*_spelled(table)).write_csv()


FORMATS: dict[Format, Form] = {
    "json": Form("application/json", to_json),
    "csv": Form("text/csv", lambda report: to_csv(report).encode()),
}


def write(report: Report, form: Format) -> bytes:
    """The report in a form."""
    return FORMATS[form].write(report)


def _spelled(table: pl.DataFrame) -> Iterable[pl.Expr]:
    for name, kind in table.schema.items():
        if isinstance(kind, pl.Datetime):
            yield pl.col(name).dt.to_string(_HOUR)
        elif kind == pl.String:
            risky = pl.col(name).str.contains(_FORMULA) & ~pl.col(name).str.contains(_E164)
            yield pl.when(risky).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
