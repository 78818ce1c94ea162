"""Times in files: with or without an offset, in a named zone, or as a count since 1970."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal, TypeAlias

import polars as pl
from polars.exceptions import PolarsError

from reports.model.times import TimeFormError, read_time
from service.config import SetupError

Ambiguous: TypeAlias = Literal["reject", "earlier", "later"]
InvalidCells: TypeAlias = tuple[pl.Series, str]

RFC3339 = "rfc3339"
EXCEL = "excel"  # days since the end of 1899, as spreadsheets count them
_COUNTED = {"unix": 1_000_000, "unix_ms": 1_000}  # microseconds in one
_NAMED = (RFC3339, EXCEL, *_COUNTED)
_CODE = re.compile(r"%(?:%|\.[369]?f|[369]f|:z|#z|[-_0]?[YymdeHMSIklpPbBhjaATDFRz])")
_CLOCK = re.compile(r"%[-_0]?[HIklTR]")
_OFFSET = re.compile(r"%[:#]?z")
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII).fullmatch
_IN_HOUR = "is in an hour"  # the reason of a time of the right form that summer time makes impossible
_HALF_DAY_HOUR = re.compile(r"%[-_0]?[Il]")
_HALF = re.compile(r"%[pP]")
_FULL_DAY_HOUR = re.compile(r"%[-_0]?[HkTR]")
_MINUTE = re.compile(r"%[-_0]?[MTR]")
_SAMPLE = datetime(2026, 3, 2, 21, 40, 50, tzinfo=UTC)

# A date that is written in only one way: what is left of the typed cells of a spreadsheet in a file of text.
_LOCAL = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?$"

# Excel counts a 29 February 1900, which never was.
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  its times have no zones
_INVENTED_DAY = 60
_LAST_DAY = 2_958_465

# Times that the form reads in only one way, so that reading them here gives the same result.
_PLAIN = r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$"


@dataclass(frozen=True)
class TimeStyle:
    """How one column writes its times.

    format: rfc3339, unix, unix_ms, or strptime codes; at: the time of day for dates.
    others: more formats of the same column, tried in turn on what the first one cannot read.
    ambiguous: which of two times is meant in the hour that occurs twice when summer time ends.
    """

    format: str = RFC3339
    zone: str | None = None
    at: time | None = None
    ambiguous: Ambiguous = "reject"
    others: tuple[str, ...] = ()

    @property
    def lacks(self) -> str | None:
        """What the mapping must add before these times are complete, if anything."""
        return next(filter(None, map(_lack, self.singles)), None)

    @property
    def singles(self) -> "list[TimeStyle]":
        """The style of each format on its own."""
        return [replace(self, format=single, others=()) for single in (self.format, *self.others)]


def _lack(style: TimeStyle) -> str | None:
    if style.format == EXCEL and style.zone is None:
        return 'excel has no offset from UTC: set a zone, such as zone = "Europe/Lisbon"'
    if style.format in _NAMED:
        return None
    if style.at is None and not _CLOCK.search(style.format):
        return f'{style.format} has no time of day: set one, such as at = "12:00"'
    if style.zone is None and not _OFFSET.search(style.format):
        return f'{style.format} has no offset from UTC: set a zone, such as zone = "Europe/Lisbon"'
    return None


def check_format(text: str) -> str:
    """The format in our notation. Raises ValueError if it contains no whole date, or codes that do not fit."""
    text = text.replace("unix-ms", "unix_ms")
    if text in _NAMED:
        return text
    text = text.replace(".%f", "%.f")
    rest = _CODE.sub("", text)
    if "%" in rest:
        raise ValueError(f"{rest[rest.index('%') :][:2]} is not a supported strptime code")
    if misfit := _misfit(text):
        raise ValueError(f"{text} {misfit}")
    try:
        read = pl.Series([_SAMPLE]).dt.strftime(text).str.to_datetime(text, strict=False)
    except PolarsError:
        raise ValueError(f"{text} cannot be read: use codes like %d/%m/%Y %H:%M") from None
    if read.dt.date().to_list() != [_SAMPLE.date()]:
        raise ValueError(f"{text} has no whole date; use rfc3339, unix, unix_ms, excel, or codes like %d/%m/%Y %H:%M")
    return text


def _misfit(text: str) -> str | None:
    """What does not fit among the codes of a time of day."""
    codes = " ".join(match[0] for match in _CODE.finditer(text) if match[0] != "%%")
    if _HALF_DAY_HOUR.search(codes) and not _HALF.search(codes):
        return "has hours up to 12 (%I) without %p for AM or PM: add %p, or write %H for hours up to 23"
    if _HALF.search(codes) and not _HALF_DAY_HOUR.search(codes):
        return "has %p for AM or PM with hours up to 23 (%H): write %I for hours up to 12, or leave %p out"
    if _HALF_DAY_HOUR.search(codes) and _FULL_DAY_HOUR.search(codes):
        return "has the hour twice: use %I with %p, or %H alone"
    if _CLOCK.search(codes) and not _MINUTE.search(codes):
        return "has hours without minutes: add %M"
    if _MINUTE.search(codes) and not _CLOCK.search(codes):
        return "has minutes without hours: add %H"
    return None


def read_times(cells: pl.Series, style: TimeStyle) -> tuple[pl.Series, list[InvalidCells]]:
    """The times in UTC, and the invalid cells, with a reason for each kind of fault.

    A cell in a column of several formats has the first format that fits.
    """
    moments = pl.repeat(None, len(cells), dtype=pl.Datetime("us", "UTC"), eager=True)
    if cells.dtype == pl.String and cells.null_count() == len(cells):
        return moments, []
    if not style.others:
        return _read_style(cells, style)
    impossible: list[InvalidCells] = []
    for single in style.singles:
        rest = pl.select(pl.when(moments.is_null()).then(cells)).to_series()
        if rest.null_count() == len(rest):
            break
        read, invalid = _read_style(rest, single)
        moments = moments.fill_null(read)
        impossible += [(mask, reason) for mask, reason in invalid if reason.startswith(_IN_HOUR)]
    unread = _lost(cells, moments)
    for mask, _ in impossible:
        unread &= ~mask
    return moments, [(unread, f"has none of the forms {', '.join((style.format, *style.others))}"), *impossible]


def _read_style(cells: pl.Series, style: TimeStyle) -> tuple[pl.Series, list[InvalidCells]]:
    if isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone:
        return cells.dt.convert_time_zone("UTC").dt.cast_time_unit("us"), []
    if isinstance(cells.dtype, pl.Datetime | pl.Date):
        return _localised(_at(cells, style), _zone_of(cells, style), style.ambiguous)
    if style.format == RFC3339 and style.zone is None:
        return _read_rfc3339(cells)
    if style.format in _COUNTED:
        return _read_counted(cells, _COUNTED[style.format])
    moments, invalid = _read_stated(cells, style)
    unread = _lost(cells, moments)
    for mask, reason in invalid:
        unread &= ~mask if reason.startswith(_IN_HOUR) else True
    if style.zone is None or not unread.any():
        return moments, invalid
    local = pl.select(pl.when(unread & cells.str.contains(_LOCAL)).then(cells)).to_series()
    written = _read_local(local, style)
    others, impossible = _localised(written, style.zone, style.ambiguous)
    is_read = written.is_not_null()
    return moments.fill_null(others), [*((mask & ~is_read, reason) for mask, reason in invalid), *impossible]


def _read_stated(cells: pl.Series, style: TimeStyle) -> tuple[pl.Series, list[InvalidCells]]:
    """The times that have the format of the mapping."""
    if style.format == RFC3339:
        return _read_rfc3339(cells)
    moments = _at(_read_excel(cells, style.at) if style.format == EXCEL else _read_written(cells, style.format), style)
    unread = _lost(cells, moments), f"is not a {_form_of(style.format)}"
    if isinstance(moments.dtype, pl.Datetime) and moments.dtype.time_zone:
        return moments.dt.convert_time_zone("UTC"), [unread]
    moments, invalid = _localised(moments, style.zone or "UTC", style.ambiguous)
    return moments, [unread, *invalid]


def _form_of(format: str) -> str:  # noqa: A002  the usual word
    return "number of days as Excel counts them" if format == EXCEL else f"time of the form {format}"


def _read_excel(cells: pl.Series, at: time | None) -> pl.Series:
    """Local times from a count of days, to the millisecond; a whole day gets the time of day for dates."""
    days = cells.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    is_day = days.is_between(1, _LAST_DAY + 1, closed="left") & (days.floor() != _INVENTED_DAY)
    leap = (days < _INVENTED_DAY).cast(pl.Float64)
    counted = pl.select(pl.when(is_day).then(days + leap)).to_series()
    hours = at or time()
    seconds = (counted == counted.floor()).cast(pl.Float64) * (hours.hour * 3600 + hours.minute * 60 + hours.second)
    microseconds = ((counted * 86_400_000).round() + seconds * 1000).cast(pl.Int64) * 1000
    return _within_calendar(microseconds.cast(pl.Duration("us")) + _DAY_ZERO)


def _read_local(cells: pl.Series, style: TimeStyle) -> pl.Series:
    """Dates and local times in ISO notation; a date alone needs the time of day for dates."""
    has_clock = cells.str.len_chars() > len("2026-03-02")
    at = (style.at or time()).isoformat()
    whole = (
        cells.str.replace("T", " ")
        + pl.select(pl.when(has_clock).then(pl.lit("")).otherwise(pl.lit(f" {at}"))).to_series()
    )
    if style.at is None and _CLOCK.search(style.format):
        whole = pl.select(pl.when(has_clock).then(whole)).to_series()
    moments = whole.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
    return _within_calendar(moments.fill_null(whole.str.to_datetime("%Y-%m-%d %H:%M", strict=False, time_unit="us")))


def read_days(cells: pl.Series, style: TimeStyle) -> tuple[pl.Series, list[InvalidCells]]:
    """The days as the form takes them; a text without a stated format is left to the form."""
    if isinstance(cells.dtype, pl.Datetime | pl.Date):
        return cells.dt.strftime("%Y-%m-%d"), []
    if style.format == RFC3339:
        return cells, []
    read = _read_excel(cells, None) if style.format == EXCEL else _read_written(cells, style.format)
    local = pl.select(pl.when(read.is_null() & cells.str.contains(_LOCAL)).then(cells.str.head(10))).to_series()
    days = read.dt.date().fill_null(local.str.to_date("%Y-%m-%d", strict=False))
    wish = "day as Excel counts them" if style.format == EXCEL else f"date of the form {style.format}"
    return days.dt.strftime("%Y-%m-%d"), [(_lost(cells, days), f"is not a {wish}")]


def _zone_of(cells: pl.Series, style: TimeStyle) -> str:
    """The zone of times without one. A missing zone affects every row, so it is an error of the mapping."""
    if style.at is None and isinstance(cells.dtype, pl.Date):
        raise SetupError(f'The days of {cells.name} have no time of day: set one, such as at = "12:00"')
    if style.zone is None:
        raise SetupError(f'The times of {cells.name} have no zone: set one, such as zone = "Europe/Lisbon"')
    return style.zone


def _lost(before: pl.Series, after: pl.Series) -> pl.Series:
    return before.is_not_null() & after.is_null()


def _read_written(cells: pl.Series, format: str) -> pl.Series:  # noqa: A002  the usual word
    if _CLOCK.search(format):
        moments = cells.str.to_datetime(format, strict=False, time_unit="us")
    else:
        moments = cells.str.to_date(format, strict=False)
    return _within_calendar(moments)


def _within_calendar(moments: pl.Series) -> pl.Series:
    """Times that Python and PostgreSQL can store in any zone."""
    return pl.select(pl.when(moments.dt.year().is_between(2, 9998)).then(moments)).to_series()


def _at(moments: pl.Series, style: TimeStyle) -> pl.Series:
    if moments.dtype != pl.Date:
        return moments.dt.cast_time_unit("us")
    at = style.at or time()
    return moments.cast(pl.Datetime("us")) + timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)


def _localised(moments: pl.Series, zone: str, ambiguous: Ambiguous) -> tuple[pl.Series, list[InvalidCells]]:
    """Local times in UTC. An hour that summer time skipped is always invalid, as it never happened."""
    early = moments.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    late = moments.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    invalid: list[InvalidCells] = [(_lost(moments, early), f"{_IN_HOUR} that {zone} skipped when summer time began")]
    chosen = late if ambiguous == "later" else early
    if ambiguous == "reject":
        twice = (early != late).fill_null(value=False)
        chosen = pl.select(pl.when(~twice).then(early)).to_series()
        invalid.append((twice, f"{_IN_HOUR} that occurred twice in {zone}; the mapping can set ambiguous"))
    return chosen.dt.convert_time_zone("UTC"), invalid


def _read_counted(cells: pl.Series, microseconds: int) -> tuple[pl.Series, list[InvalidCells]]:
    since_1970 = (cells.cast(pl.Float64, strict=False) * microseconds).round()
    in_range = since_1970.is_between(-62_135_596_800_000_000, 253_402_300_799_000_000)
    storable = pl.select(pl.when(in_range).then(since_1970)).to_series()
    moments = storable.cast(pl.Int64).cast(pl.Datetime("us", "UTC"))
    unit = "seconds" if microseconds == 1_000_000 else "milliseconds"
    return moments, [(_lost(cells, moments), f"is not a number of {unit} since 1970")]


def _read_rfc3339(cells: pl.Series) -> tuple[pl.Series, list[InvalidCells]]:
    plain = pl.select(pl.when(cells.str.contains(_PLAIN)).then(cells)).to_series()
    moments = _within_calendar(plain.str.to_datetime("%+", strict=False, time_unit="us"))
    unread = _lost(cells, moments).arg_true()
    reasons: dict[str, list[int]] = {}
    for place, cell in zip(unread.to_list(), cells.gather(unread).to_list(), strict=True):
        try:
            moments[place] = read_time(cell)
        except TimeFormError as error:
            reasons.setdefault(f"{error}{_advice(cell)}", []).append(place)
    return moments, [(_places(places, len(cells)), reason) for reason, places in reasons.items()]


def _advice(cell: str) -> str:
    """How the mapping can read a time that looks like a count since 1970."""
    style = {5: EXCEL, 10: "unix", 13: "unix_ms"}.get(len(cell.partition(".")[0])) if _NUMBER(cell) else None
    return f', or the mapping sets format = "{style}" or ["rfc3339", "{style}"]' if style else ""


def _places(places: list[int], length: int) -> pl.Series:
    return pl.int_range(length, eager=True).is_in(places)
