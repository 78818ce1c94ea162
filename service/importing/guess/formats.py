"""How the cells of a column write times and durations, by its first cells."""

import re
from collections.abc import Iterator, Sequence
from datetime import time
from itertools import product

import polars as pl

from service.importing.guess.shape import DateOrder
from service.importing.language.times import EXCEL, RFC3339, TimeStyle, read_days, read_times

_DIGIT = re.compile(r"\d")
_MOST_FORMATS = 4
_MOST_CELLS = 200
# Years before it were read wrongly: 26 as the year 26.
_FIRST_YEAR = 1990
_NOON = time(12)
_DATES = {
    "day": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y"),
    "month": ("%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y", "%m/%d/%y", "%d.%m.%y", "%m-%d-%y"),
}
_ANY_ORDER = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y"),
)
_HOURS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
_CLOCKS = ("", *(f"{space}{hours}" for space in (" ", ", ") for hours in _HOURS))
_COUNTED = ("unix", "unix_ms", EXCEL)
# Counts of seconds, milliseconds and days in this range are times; smaller ones are numbers.
_RANGES = {
    "unix": (600_000_000, 5_000_000_000),
    "unix_ms": (600_000_000_000, 5_000_000_000_000),
    EXCEL: (25_000, 75_000),
}


def time_formats(texts: Sequence[str], order: DateOrder) -> list[str]:
    """The formats of a column of times, those of most cells first; empty if its cells are no times."""
    return _formats(texts, order, is_day=False)


def day_formats(texts: Sequence[str], order: DateOrder) -> list[str]:
    """The formats of a column of days, those of most cells first; empty if its cells are no days."""
    return _formats(texts, order, is_day=True)


def _formats(texts: Sequence[str], order: DateOrder, *, is_day: bool) -> list[str]:
    unread = pl.Series(
        list(dict.fromkeys(text for text in texts if _DIGIT.search(text)))[:_MOST_CELLS], dtype=pl.String
    )
    if not len(unread):
        return []
    chosen: list[str] = []
    candidates = list(_candidates(unread, order, is_day=is_day))
    while len(unread) and len(chosen) < _MOST_FORMATS:
        reads = {name: _read(unread, name, is_day=is_day) for name in candidates}
        best = max(reads, key=lambda name: int(reads[name].sum()), default=None)
        if best is None or not reads[best].any():
            break
        chosen.append(best)
        unread = unread.filter(~reads[best])
    return chosen


def _candidates(cells: pl.Series, order: DateOrder, *, is_day: bool) -> Iterator[str]:
    yield RFC3339
    numbers = cells.cast(pl.Float64, strict=False)
    for name in (EXCEL,) if is_day else _COUNTED:
        low, high = _RANGES[name]
        if numbers.is_between(low, high).any():
            yield name
    yield from ("".join(parts) for parts in product((*_DATES[order], *_ANY_ORDER), _CLOCKS))


def _read(cells: pl.Series, name: str, *, is_day: bool) -> pl.Series:
    """Which cells have this format."""
    if name in _COUNTED:
        low, high = _RANGES[name]
        return cells.cast(pl.Float64, strict=False).is_between(low, high).fill_null(value=False)
    if is_day:
        days = read_days(cells, TimeStyle("%Y-%m-%d" if name == RFC3339 else name))[0]
        return (days >= f"{_FIRST_YEAR}").fill_null(value=False)
    moments = read_times(cells, TimeStyle(name, "UTC", _NOON, "earlier"))[0]
    return (moments.dt.year() >= _FIRST_YEAR).fill_null(value=False)


def duration_unit(column: str, texts: Sequence[str]) -> str:
    """The unit of a column of durations: a clock if its cells have colons, else by the name of the column."""
    if any(":" in text for text in texts):
        return "clock"
    name = column.lower()
    if "milli" in name or name.endswith(("_ms", " ms", "(ms)")):
        return "milliseconds"
    if "minute" in name or name.endswith(("(min)", " min", "_min")):
        return "minutes"
    return "hours" if "hour" in name or name.endswith("(h)") else "seconds"
