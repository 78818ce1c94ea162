"""The earlier period that a report is compared with: how it is found, and how old it was when it counts.

All arithmetic is on the local clock, so days of 23 and 25 hours are days. The earlier period counts as it stood when it
was as old as this period is now: a sale that took eight days is in neither of two weeks compared at the age of seven.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Literal, TypeAlias, get_args

import polars as pl

from reports.model.language import translate
from reports.model.local_dates import moment_words
from reports.model.times import TimeFormError
from reports.model.window_presets import add_months, period_words
from reports.model.windows import FIRST_YEAR, Window, clock, moment_of, read_edge

ComparisonKind: TypeAlias = Literal["previous", "week", "month", "year", "date"]
COMPARISON_KINDS: tuple[ComparisonKind, ...] = get_args(ComparisonKind)
# The words for `compare`; a date is the fifth way.
COMPARISONS = ("none", *COMPARISON_KINDS[:-1])

_DAY, _WEEK_DAYS, _YEAR_MONTHS = timedelta(days=1), 7, 12
_LONGEST_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Shift:
    """How far back the earlier period lies: some days, or months where the two periods differ in their days."""

    days: int = 0
    months: int = 0

    def key(self, dimension: str, anchor: str, zone: str) -> pl.Expr | None:
        """The hour, day, week or month of this period that a row of the earlier period belongs to.

        Null for a day without a counterpart: 31 January has none in February. None for any other dimension.
        """
        shown = pl.col(anchor).dt.convert_time_zone(zone).dt.replace_time_zone(None)
        later = shown.dt.offset_by(f"{self.months}mo") if self.months else shown + timedelta(days=self.days)
        same_day = later.dt.day() == shown.dt.day() if self.months else pl.lit(value=True)
        match dimension:
            case "hour":
                hour = later.dt.truncate("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
                key = pl.when(same_day).then(hour)
            case "day":
                key = pl.when(same_day).then(later.dt.date())
            case "week":
                key = later.dt.date().dt.truncate("1w")
            case "month":
                key = later.dt.date().dt.truncate("1mo")
            case _:
                return None
        return key.alias(dimension)


@dataclass(frozen=True)
class ComparedPeriod:
    """The earlier period of a comparison.

    until: the moment up to which its rows count, so that it is as old as this period. cut: this period is not over, so
    both count up to the same moment on the clock.
    """

    kind: ComparisonKind
    window: Window
    until: datetime
    cut: bool
    shift: Shift

    @property
    def counted(self) -> Window:
        """The part of the earlier period that is compared."""
        return Window(self.window.start, min(self.window.end, self.until), self.window.zone)


def compared_period(compare: str, window: Window, until: datetime) -> ComparedPeriod | None:
    """The earlier period, by one of COMPARISONS or its first day; None without one, or when this one has not begun.

    Raises TimeFormError for any other text, for a day that is too late, and for a period before the first year.
    """
    if compare == "none":
        return None
    kind = _KINDS_BY_NAME.get(compare)
    start, end = (clock(edge, window.zone) for edge in (window.start, window.end))
    earlier = _FINDERS[kind](start, end) if kind else _from(compare, window, start, end)
    if earlier[0].year < FIRST_YEAR:
        raise TimeFormError(f"leads to a period before the year {FIRST_YEAR}")
    return _period(kind or "date", window, until, earlier) if window.start < until else None


def compared_words(period: ComparedPeriod) -> str:
    """The sentence that names the earlier period and its age, for people."""
    zone = period.window.zone
    days = period_words(period.window, year=True)
    stood = moment_words(clock(period.until, zone), year=True)
    if period.cut:
        return translate(
            "Compared with {days}, up to {moment}: this period is not over, so both are counted up to the same point.",
            days=days,
            moment=stood,
        )
    return translate(
        "Compared with {days}, as known on {moment}: at the same age as this period.", days=days, moment=stood
    )


def weeks_before(window: Window, until: datetime, times: int) -> ComparedPeriod | None:
    """The same weekdays some periods of whole weeks before, at the same age; None before the first year."""
    start, end = (clock(edge, window.zone) for edge in (window.start, window.end))
    back = _back(start, end, _WEEK_DAYS) * times
    if (start - back).year < FIRST_YEAR:
        return None
    return _period("week", window, until, (start - back, end - back))


_Clocks: TypeAlias = tuple[datetime, datetime]


def _period(kind: ComparisonKind, window: Window, until: datetime, earlier: _Clocks) -> ComparedPeriod:
    start, end = (clock(edge, window.zone) for edge in (window.start, window.end))
    zone, now = window.zone, until.astimezone(window.zone).replace(tzinfo=None, fold=0)
    cut = window.end > until
    # Counted from the start while this period goes on, from the end when it is over.
    stood = min(earlier[0] + (now - start), earlier[1]) if cut else earlier[1] + (now - end)
    before = Window(moment_of(earlier[0], zone), moment_of(earlier[1], zone), zone)
    return ComparedPeriod(kind, before, moment_of(stood, zone), cut, _shift(start, end, earlier))


def _shift(start: datetime, end: datetime, earlier: _Clocks) -> Shift:
    if earlier[1] - earlier[0] == end - start:
        return Shift(days=(start - earlier[0]).days)
    return Shift(months=_month_number(start) - _month_number(earlier[0]))


def _month_number(shown: datetime) -> int:
    return shown.year * 12 + shown.month


def _back(start: datetime, end: datetime, unit: int) -> timedelta:
    """The smallest number of units of days that leads from a period to one that ends before it begins."""
    return max(ceil((end - start) / _DAY / unit), 1) * unit * _DAY


def _previous(start: datetime, end: datetime) -> _Clocks:
    back = _back(start, end, 1)
    return start - back, end - back


def _week(start: datetime, end: datetime) -> _Clocks:
    back = _back(start, end, _WEEK_DAYS)
    return start - back, end - back


def _month(start: datetime, end: datetime) -> _Clocks:
    if _begins_month(start) and _begins_month(end):
        months = _month_number(end) - _month_number(start)
        return _months_before(start, months), start
    length = end - start
    first = _months_before(start, 1)
    if first + length <= start:
        return first, first + length
    if length <= _LONGEST_MONTH:
        # The month before is shorter: the same number of days, up to this period.
        return _previous(start, end)
    return _apart(start, 1, lambda back: _months_before(start, back) + length)


def _year(start: datetime, end: datetime) -> _Clocks:
    if _begins_month(start) and _begins_month(end):
        return _apart(start, _YEAR_MONTHS, lambda back: _months_before(end, back))
    if end.time() == time():
        # The last day has a date of its own: what ends before 29 February ends before 1 March of other years.
        return _apart(start, _YEAR_MONTHS, lambda back: _months_before(end - _DAY, back) + _DAY)
    return _apart(start, _YEAR_MONTHS, lambda back: _months_before(end, back))


def _apart(start: datetime, months: int, ends: Callable[[int], datetime]) -> _Clocks:
    """The period by so many months before, or by a multiple, that ends before this one begins."""
    back = months
    while ends(back) > start:
        back += months
    return _months_before(start, back), ends(back)


def _from(text: str, window: Window, start: datetime, end: datetime) -> _Clocks:
    """The period of the same length from a day on. Raises TimeFormError."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise TimeFormError(f"must be one of {', '.join(COMPARISONS)}, or the first day to compare with")
    read_edge(text, window.zone)
    first = datetime.combine(day, start.time())
    last = first + (end - start)
    if last > start:
        latest = start - (end - start)
        raise TimeFormError(f"must lie a whole period before this one: {latest.date()} or earlier")
    return first, last


def _months_before(shown: datetime, months: int) -> datetime:
    try:
        return datetime.combine(add_months(shown.date(), -months), shown.time())
    except ValueError:
        raise TimeFormError(f"leads to a period before the year {FIRST_YEAR}") from None


def _begins_month(shown: datetime) -> bool:
    return shown.day == 1 and shown.time() == time()


_FINDERS: dict[ComparisonKind, Callable[[datetime, datetime], _Clocks]] = {
    "previous": _previous,
    "week": _week,
    "month": _month,
    "year": _year,
}
_KINDS_BY_NAME: dict[str, ComparisonKind] = {kind: kind for kind in _FINDERS}
