"""Days and times as readers of a language write them: Mon, Nov 23; 2026年11月23日 10:00.

Weeks begin on Monday and the clock has 24 hours in every language. A full date with a time is written in English with
the year first, because readers of English in different countries take 03/04 for different days.
"""

import re
from datetime import date, datetime
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_interval, format_skeleton, get_day_names

from reports.model.language import ENGLISH, current_language

# What a pattern of CLDR asks for, and how charts (d3) ask for the same.
_D3 = {
    "EEE": "%a",
    "E": "%a",
    "ccc": "%a",
    "d": "%-d",
    "dd": "%d",
    "MMM": "%b",
    "LLL": "%b",
    "M": "%-m",
    "MM": "%m",
    "y": "%Y",
    "HH": "%H",
    "H": "%H",
    "mm": "%M",
}
_FIELD = re.compile(r"([A-Za-z])\1*|'([^']*)'")


def day_words(day: date, *, year: bool) -> str:
    """A day as people write it: Mon, Nov 23, or with its year Mon, Nov 23, 2026."""
    return _formatted("yMMMEd" if year else "MMMEd", day)


def moment_words(shown: datetime, *, year: bool) -> str:
    """A time on the local clock, with its day: Mon, Nov 23 10:00."""
    return f"{day_words(shown.date(), year=year)} {clock_words(shown)}"


def clock_words(shown: datetime, *, seconds: bool = False) -> str:
    """A time of day on the local clock: 10:00."""
    return _formatted("Hms" if seconds else "Hm", shown)


def full_words(shown: datetime, *, seconds: bool = False) -> str:
    """A date with its year and a time, for tables: 2026-11-23 10:00, or 23.11.2026 10:00."""
    if current_language().code == ENGLISH.code:
        return f"{shown:%Y-%m-%d %H:%M:%S}" if seconds else f"{shown:%Y-%m-%d %H:%M}"
    return f"{date_words(shown)} {clock_words(shown, seconds=seconds)}"


def date_words(day: date) -> str:
    """A date with its year, for tables: 2026-11-23, or 23.11.2026."""
    return f"{day:%Y-%m-%d}" if current_language().code == ENGLISH.code else _formatted("yMd", day)


def days_words(first: date, last: date, *, year: bool) -> str:
    """Some days in a row, short enough for a button."""
    skeleton, code = "yMMMd" if year else "MMMd", current_language().code
    if first == last:
        return format_skeleton(skeleton, first, locale=code)
    return str(format_interval(first, last, skeleton, locale=code)).replace("\u2009", " ")


def weekday_words(weekday: int) -> str:
    """The short name of a weekday; Monday is 0."""
    names = get_day_names("abbreviated", "stand-alone", current_language().code)
    return names[weekday]


def chart_format(skeleton: str) -> str:
    """How charts write a date in the reader's language, as a format of d3. skeleton: its parts, as CLDR names them.

    >>> chart_format("yMMMEd"), chart_format("Hm")
    ('%a, %b %-d, %Y', '%H:%M')
    """
    return _FIELD.sub(_d3_field, _pattern(skeleton))


def chart_locale() -> dict[str, Any]:
    """The numbers, weekdays and months of the reader's language, as charts (d3) read them; {} for English."""
    language = current_language()
    if language.code == ENGLISH.code:
        return {}
    locale = _locale(language.code)
    days, months = locale.days["format"], locale.months["format"]
    sunday_first = (6, *range(6))
    return {
        "number": {
            "decimal": language.decimal,
            "thousands": language.group,
            "grouping": [3],
            "currency": ["", ""],
            "percent": language.percent.format(number=""),
        },
        "time": {
            "dateTime": f"{chart_format('yMMMEd')} %H:%M",
            "date": chart_format("yMd"),
            "time": chart_format("Hm"),
            "periods": ["AM", "PM"],
            "days": [days["wide"][number] for number in sunday_first],
            "shortDays": [days["abbreviated"][number] for number in sunday_first],
            "months": [months["wide"][number] for number in range(1, 13)],
            "shortMonths": [months["abbreviated"][number] for number in range(1, 13)],
        },
    }


def _d3_field(field: re.Match[str]) -> str:
    return field[2] if field[2] is not None else _D3[field[0]]


def _formatted(skeleton: str, value: date) -> str:
    return format_skeleton(skeleton, value, locale=current_language().code)


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def _pattern(skeleton: str) -> str:
    return _locale(current_language().code).datetime_skeletons[skeleton].pattern
