"""Typed cells, as spreadsheets and Parquet files have them, in the forms that the mapping reads."""

import re
from datetime import datetime, timedelta
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
# How a time without a day looks among texts.
_DAYLESS_TEXT = r"^(?:1899-12-31|1900-\d\d-\d\d) \d\d:\d\d:\d\d(?:\.\d+)?$"


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
    if values.dtype == pl.String and values.str.contains(_DAYLESS_TEXT).any():
        return pl.Series(values.name, [_clock_text(text) for text in values.to_list()], dtype=pl.String)
    return values


def _clock_text(text: str | None) -> str | None:
    if text is None or not re.match(_DAYLESS_TEXT, text):
        return text
    return clock(datetime.fromisoformat(text) - _NO_DAY)


def clock(duration: timedelta) -> str:
    """A duration as hours, minutes and seconds, to the millisecond.

    >>> clock(timedelta(hours=26, seconds=65.5))
    '26:01:05.500'
    """
    milliseconds = round(duration / timedelta(milliseconds=1))
    minutes, rest = divmod(milliseconds, 60_000)
    fraction = f".{rest % 1000:03}" if rest % 1000 else ""
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 1000:02}{fraction}"


def _numbers(values: pl.Series) -> pl.Series:
    is_whole = (values == values.floor()) & (values.abs() < _EXACT)
    whole = pl.select(pl.when(is_whole).then(values)).to_series().cast(pl.Int64)
    return whole.cast(pl.String).fill_null(values.cast(pl.String)).alias(values.name)


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, default=str).decode()
