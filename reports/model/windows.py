"""Windows of time in one named zone: half-open, with days of 23 and 25 hours.

Every conversion between moments and local days happens here. A day starts at its first local moment. That is not
midnight where the clocks go forward at midnight.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import polars as pl

from reports.model.times import FIRST_MOMENT, TimeFormError, is_time, read_time, time_advice
from reports.model.vocabulary import HALF_HOURS_OF_DAY, HOURS_OF_DAY, HOURS_OF_WEEK, QUARTER_HOURS_OF_DAY

LONGEST_DAYS = 3_660
DEFAULT_DAYS = 7
FIRST_YEAR, LAST_YEAR = FIRST_MOMENT.year, 2100

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Window:
    """From one moment up to another, which is not included; days and hours are those of the zone."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def zone_name(self) -> str:
        """The IANA name of the zone."""
        return self.zone.key

    def local(self, instant: datetime) -> datetime:
        """A moment on the clock of this window's zone."""
        return instant.astimezone(self.zone)


def read_instant(text: str) -> datetime:
    """An RFC 3339 time with its offset, in a year that reports cover. Raises TimeFormError."""
    instant = read_time(text)
    if instant.year > LAST_YEAR:
        raise TimeFormError(f"must be between the years {FIRST_YEAR} and {LAST_YEAR}")
    return instant


def read_edge(text: str, zone: ZoneInfo) -> datetime:
    """The start of a date in the zone, or an RFC 3339 time. Raises TimeFormError."""
    if not _DATE.fullmatch(text):
        if not is_time(text):
            raise TimeFormError(time_advice(text, "must be a date, such as 2026-03-01, or"))
        return read_instant(text)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise TimeFormError("is not a day that exists") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise TimeFormError(f"must be between the years {FIRST_YEAR} and {LAST_YEAR}")
    return start_of(day, zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def window(start: datetime | None, end: datetime | None, zone: ZoneInfo, now: datetime) -> Window:
    """The window between two edges; by default the last seven full days, which end with yesterday.

    Without an end it lasts to the end of today, without a start it is the seven days before its end. Raises
    TimeFormError when it ends before it starts or is longer than ten years.
    """
    today = day_of(now, zone)
    if start is None:
        end = end or start_of(today, zone)
        start = moment_of(clock(end, zone) - timedelta(days=DEFAULT_DAYS), zone)
    elif end is None:
        end = start_of(max(today, day_of(start, zone)) + timedelta(days=1), zone)
    if end <= start:
        raise TimeFormError("must be later than from; the window includes its first moment and not its last")
    if end - start > timedelta(days=LONGEST_DAYS):
        raise TimeFormError(f"must be within {LONGEST_DAYS} days of from")
    return Window(start, end, zone)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The local date of a moment."""
    return instant.astimezone(zone).date()


def clock(instant: datetime, zone: ZoneInfo) -> datetime:
    """A moment as the local clock shows it, without a zone. The first moment of a day reads midnight."""
    local = instant.astimezone(zone)
    is_first = start_of(local.date(), zone) == instant
    return datetime.combine(local.date(), time()) if is_first else local.replace(tzinfo=None, fold=0)


def whole_days(window: Window) -> int:
    """The days of a window on the local clock, rounded up."""
    return max(ceil((clock(window.end, window.zone) - clock(window.start, window.zone)) / timedelta(days=1)), 1)


def moment_of(shown: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the local clock shows this time, in UTC; of two, the first."""
    return shown.replace(tzinfo=zone).astimezone(UTC)


def local_day(anchor: str, zone: str) -> pl.Expr:
    """The local date on which something happened."""
    return pl.col(anchor).dt.convert_time_zone(zone).dt.date()


def local_hour(anchor: str, zone: str) -> pl.Expr:
    """The start of the local hour in which something happened; an hour that the clock repeats is two hours."""
    return pl.col(anchor).dt.convert_time_zone(zone).dt.truncate("1h")


def local_week(anchor: str, zone: str) -> pl.Expr:
    """The Monday of the local week in which something happened."""
    return local_day(anchor, zone).dt.truncate("1w")


def local_month(anchor: str, zone: str) -> pl.Expr:
    """The first day of the local month in which something happened."""
    return local_day(anchor, zone).dt.truncate("1mo")


def local_hour_of_week(anchor: str, zone: str) -> pl.Expr:
    """The weekday and hour on the local clock at which something happened."""
    return hour_of_week(pl.col(anchor).dt.convert_time_zone(zone))


def local_hour_of_day(anchor: str, zone: str) -> pl.Expr:
    """The hour on the local clock at which something happened, on any day."""
    return _piece_of_day(anchor, zone, HOURS_OF_DAY)


def local_half_hour_of_day(anchor: str, zone: str) -> pl.Expr:
    """The half hour on the local clock at which something happened, on any day."""
    return _piece_of_day(anchor, zone, HALF_HOURS_OF_DAY)


def local_quarter_hour_of_day(anchor: str, zone: str) -> pl.Expr:
    """The quarter hour on the local clock at which something happened, on any day."""
    return _piece_of_day(anchor, zone, QUARTER_HOURS_OF_DAY)


def _piece_of_day(anchor: str, zone: str, pieces: Sequence[str]) -> pl.Expr:
    """The piece of the day by the local clock, of pieces that are equally long."""
    local = pl.col(anchor).dt.convert_time_zone(zone)
    minute = local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute()
    place = minute // (24 * 60 // len(pieces))
    return place.replace_strict(list(range(len(pieces))), list(pieces), return_dtype=pl.Enum(pieces))


def hour_of_week(local: pl.Expr) -> pl.Expr:
    """The weekday and hour of a moment on a clock, in the order of the week."""
    index = (local.dt.weekday().cast(pl.Int32) - 1) * 24 + local.dt.hour()
    return index.replace_strict(list(range(168)), list(HOURS_OF_WEEK), return_dtype=pl.Enum(HOURS_OF_WEEK))
