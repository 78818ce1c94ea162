"""The periods that managers ask for most, by name, and the words for any period.

All of them are whole local days; weeks begin on Monday. A month that has just begun reaches to its last day, so that it
can be compared with the month before up to the same moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.model.language import translate
from reports.model.local_dates import day_words, days_words, moment_words
from reports.model.windows import DEFAULT_DAYS, Window, clock, day_of, start_of

# The presets of so many full days, which end with yesterday.
_DAYS = (DEFAULT_DAYS, 30, 90)
_QUARTER_MONTHS = 3


@dataclass(frozen=True)
class WindowPreset:
    """A period with a name: its first day, and the first day after it."""

    label: str
    first: date
    after: date

    def window(self, zone: ZoneInfo) -> Window:
        """The period in a time zone."""
        return Window(start_of(self.first, zone), start_of(self.after, zone), zone)


def window_presets(now: datetime, zone: ZoneInfo) -> list[WindowPreset]:
    """The periods on offer at a moment, on the calendar of a zone."""
    today = day_of(now, zone)
    tomorrow, this_month = today + timedelta(days=1), today.replace(day=1)
    monday, week = today - timedelta(days=today.weekday()), timedelta(weeks=1)
    last_month, next_month = add_months(this_month, -1), add_months(this_month, 1)
    quarter = add_months(this_month, -((today.month - 1) % _QUARTER_MONTHS))
    return [
        WindowPreset(translate("Today"), today, tomorrow),
        WindowPreset(translate("Yesterday"), today - timedelta(days=1), today),
        WindowPreset(translate("This week"), monday, monday + week),
        WindowPreset(translate("Last week"), monday - week, monday),
        *(
            WindowPreset(translate("Last {days} days", days=days), today - timedelta(days=days), today)
            for days in _DAYS
        ),
        WindowPreset(translate("This month"), this_month, next_month),
        WindowPreset(translate("Last month"), last_month, this_month),
        WindowPreset(translate("This quarter"), quarter, add_months(quarter, _QUARTER_MONTHS)),
        WindowPreset(translate("Last quarter"), add_months(quarter, -_QUARTER_MONTHS), quarter),
    ]


def add_months(day: date, months: int) -> date:
    """The same day of the month, some months later; the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(after - timedelta(days=1), date(year, month + 1, 1) + timedelta(days=day.day - 1))


def window_label(window: Window, now: datetime) -> str:
    """The name of a period, if it has one, and its days: Last 7 days, Mon, Nov 23 to Sun, Nov 29."""
    names = {(preset.first, preset.after): preset.label for preset in window_presets(now, window.zone)}
    return _named(names, window, day_of(now, window.zone))


def _named(names: Mapping[tuple[date, date], str], window: Window, today: date) -> str:
    start, end = (clock(edge, window.zone) for edge in (window.start, window.end))
    whole = start.time() == end.time() == time()
    name = names.get((start.date(), end.date())) if whole else None
    days = period_words(window, year=start.year != today.year or end.year != today.year)
    return f"{name}, {days}" if name else days


def period_words(window: Window, *, year: bool) -> str:
    """The days of a period, the last one included; with clock times where it does not begin or end with a day."""
    start, end = (clock(edge, window.zone) for edge in (window.start, window.end))
    if start.time() == end.time() == time():
        last = end - timedelta(days=1)
        first = day_words(start.date(), year=year)
        return (
            first if last <= start else translate("{low} to {high}", low=first, high=day_words(last.date(), year=year))
        )
    ends = moment_words(start, year=year), moment_words(end, year=year)
    return translate("{low} to {high}", low=ends[0], high=ends[1])


def short_words(window: Window, *, year: bool) -> str:
    """The days of a period, short enough for a button."""
    start, end = (clock(edge, window.zone) for edge in (window.start, window.end))
    if not start.time() == end.time() == time():
        return period_words(window, year=year)
    return days_words(start.date(), (end - timedelta(days=1)).date(), year=year)
