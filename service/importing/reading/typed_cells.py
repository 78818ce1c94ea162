"""Typed cells, as spreadsheets and Parquet files have them, in the forms that the mapping reads."""

from datetime import datetime
from typing import Any

import orjson
import polars as pl

# These types stay as they are; all others become text, as in a delimited file.
_PASSED_THROUGH = (pl.Datetime, pl.Date, pl.Duration, pl.String)
# Beyond this limit a float may differ from the number that was meant.
_EXACT = 2.0**53
# Spreadsheets count a time without a day from here.
_NO_DAY = datetime(1899, 12, 31)  # noqa: DTZ001  spreadsheets have no zones
_LAST_YEAR_WITHOUT_DAYS = 1900


def as_cells(values: pl.Series) -> pl.Series:
    """A column with the types that a mapping knows; a whole number has no decimals: 1001.0 is 1001."""
    if isinstance(values.dtype, _PASSED_THROUGH):
        return values
    if isinstance(values.dtype, pl.List):
        return pl.Series(values.name, [_json(value) for value in values.to_list()], dtype=pl.String)
    if isinstance(values.dtype, pl.Struct):
        return values.struct.json_encode()
    if values.dtype.is_float():
        return _numbers(values)
    return values.cast(pl.String)


def without_days(values: pl.Series) -> pl.Series:
    """The durations in a column of a spreadsheet: times of a day before there were days."""
    if isinstance(values.dtype, pl.Datetime) and (values.dt.year() <= _LAST_YEAR_WITHOUT_DAYS).all():
        return (values - _NO_DAY).alias(values.name)
    return values


def _numbers(values: pl.Series) -> pl.Series:
    is_whole = (values == values.floor()) & (values.abs() < _EXACT)
    whole = pl.select(pl.when(is_whole).then(values)).to_series().cast(pl.Int64)
    return whole.cast(pl.String).fill_null(values.cast(pl.String)).alias(values.name)


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, default=str).decode()
