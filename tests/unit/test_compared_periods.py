"""The period before: the same number of days on the local clock, and the same age."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.model import windows
from reports.model.compared_period import COMPARISONS, ComparedPeriod, compared_period, compared_words
from reports.model.times import TimeFormError
from reports.model.window_presets import add_months, short_words, window_label, window_presets
from reports.model.windows import Window

NEW_YORK = ZoneInfo("America/New_York")
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "America/Sao_Paulo", "UTC"]


def window(start: str, end: str, zone: ZoneInfo = NEW_YORK) -> Window:
    return Window(windows.read_edge(start, zone), windows.read_edge(end, zone), zone)


def compared(compare: str, start: str, end: str, until: str = "2027-01-01") -> ComparedPeriod:
    period = compared_period(compare, window(start, end), windows.read_edge(until, NEW_YORK))
    assert period is not None
    return period


def local(moment: datetime) -> str:
    return f"{moment.astimezone(NEW_YORK):%Y-%m-%d %H:%M}".removesuffix(" 00:00")


@pytest.mark.parametrize(
    ("compare", "start", "end", "first", "after"),
    [
        ("previous", "2026-11-23", "2026-11-30", "2026-11-16", "2026-11-23"),
        ("previous", "2026-11-01", "2026-12-01", "2026-10-02", "2026-11-01"),
        ("week", "2026-11-23", "2026-11-30", "2026-11-16", "2026-11-23"),
        ("week", "2026-11-25", "2026-11-26", "2026-11-18", "2026-11-19"),
        ("week", "2026-11-01", "2026-12-01", "2026-09-27", "2026-10-27"),
        ("month", "2026-11-01", "2026-12-01", "2026-10-01", "2026-11-01"),
        ("month", "2026-04-01", "2026-07-01", "2026-01-01", "2026-04-01"),
        ("month", "2026-03-10", "2026-03-17", "2026-02-10", "2026-02-17"),
        ("month", "2026-03-31", "2026-04-01", "2026-02-28", "2026-03-01"),
        ("month", "2026-03-01", "2026-03-31", "2026-01-30", "2026-03-01"),
        ("year", "2026-11-23", "2026-11-30", "2025-11-23", "2025-11-30"),
        ("year", "2024-02-29", "2024-03-01", "2023-02-28", "2023-03-01"),
        ("year", "2025-02-01", "2025-03-01", "2024-02-01", "2024-03-01"),
        ("year", "2024-02-01", "2024-02-29", "2023-02-01", "2023-03-01"),
        ("2026-01-05", "2026-11-23", "2026-11-30", "2026-01-05", "2026-01-12"),
        ("previous", "2026-11-23T10:00:00-05:00", "2026-11-25", "2026-11-21 10:00", "2026-11-23"),
        # Across the end of summer time, on 1 November, and its start, on 8 March.
        ("previous", "2026-11-02T10:00:00-05:00", "2026-11-02T12:00:00-05:00", "2026-11-01 10:00", "2026-11-01 12:00"),
        ("previous", "2026-03-09", "2026-03-10", "2026-03-08", "2026-03-09"),
    ],
)
def test_the_earlier_period_has_the_dates_that_its_name_says(
    compare: str, start: str, end: str, first: str, after: str
) -> None:
    period = compared(compare, start, end)
    assert (local(period.window.start), local(period.window.end)) == (first, after)


@given(
    compare=st.sampled_from(COMPARISONS[1:]),
    first=st.dates(date(2000, 1, 1), date(2036, 12, 31)),
    days=st.integers(1, 400),
    age=st.integers(-390 * 24, 400 * 24),
    zone=st.sampled_from(ZONES),
)
def test_it_ends_before_this_period_and_is_as_old(compare: str, first: date, days: int, age: int, zone: str) -> None:
    place = ZoneInfo(zone)
    start, end = (windows.start_of(first + timedelta(days=count), place) for count in (0, days))
    until = end + timedelta(hours=age)
    period = compared_period(compare, Window(start, end, place), until)
    if period is None:
        assert until <= start
        return
    assert period.window.start < period.window.end <= start
    assert abs((period.window.end - period.window.start) - (end - start)) <= timedelta(days=3 * (days // 28 + 1))
    if until >= end:
        assert abs((period.until - period.window.end) - (until - end)) <= timedelta(hours=2)
    else:
        assert period.cut
        assert period.counted.end <= period.window.end
    days_before, days_now = (
        set(map(date.fromordinal, range(begins.toordinal(), ends.toordinal())))
        for begins, ends in (
            (windows.day_of(period.window.start, place), windows.day_of(period.window.end, place)),
            (first, first + timedelta(days=days)),
        )
    )
    noons = pl.DataFrame({"at": [datetime(day.year, day.month, day.day, 15, tzinfo=UTC) for day in days_before]})
    keys = noons.select(period.shift.key("day", "at", zone))["day"].drop_nulls()
    assert keys.n_unique() == keys.len()
    assert set(keys) <= days_now


def test_what_is_no_earlier_period_is_refused_by_name() -> None:
    for compare, fault in {
        "fortnight": "must be one of none, previous, week, month, year",
        "2026-11-17": "a whole period before this one: 2026-11-16 or earlier",
        "date": "or the first day",
    }.items():
        with pytest.raises(TimeFormError, match=fault):
            compared(compare, "2026-11-23", "2026-11-30")
    with pytest.raises(TimeFormError, match="before the year 1970"):
        compared("year", "1970-06-01", "1970-06-02")


def test_people_read_the_days_the_age_and_the_cut() -> None:
    over = compared("previous", "2026-11-23", "2026-11-30", "2026-11-30T10:00:00-05:00")
    assert compared_words(over) == (
        "Compared with Mon, Nov 16, 2026 to Sun, Nov 22, 2026, as known on Mon, Nov 23, 2026 10:00:"
        " at the same age as this period."
    )
    going_on = compared("month", "2026-11-01", "2026-12-01", "2026-11-30T10:00:00-05:00")
    assert compared_words(going_on) == (
        "Compared with Thu, Oct 1, 2026 to Sat, Oct 31, 2026, up to Fri, Oct 30, 2026 10:00:"
        " this period is not over, so both are counted up to the same point."
    )


def test_periods_have_names_and_days() -> None:
    now = datetime(2026, 11, 30, 3, tzinfo=UTC)  # still Sunday in New York
    names = {preset.label: (f"{preset.first}", f"{preset.after}") for preset in window_presets(now, NEW_YORK)}
    assert names == {
        "Today": ("2026-11-29", "2026-11-30"),
        "Yesterday": ("2026-11-28", "2026-11-29"),
        "This week": ("2026-11-23", "2026-11-30"),
        "Last week": ("2026-11-16", "2026-11-23"),
        "Last 7 days": ("2026-11-22", "2026-11-29"),
        "Last 30 days": ("2026-10-30", "2026-11-29"),
        "Last 90 days": ("2026-08-31", "2026-11-29"),
        "This month": ("2026-11-01", "2026-12-01"),
        "Last month": ("2026-10-01", "2026-11-01"),
        "This quarter": ("2026-10-01", "2027-01-01"),
        "Last quarter": ("2026-07-01", "2026-10-01"),
    }
    assert window_label(window("2026-11-22", "2026-11-29"), now) == "Last 7 days, Sun, Nov 22 to Sat, Nov 28"
    assert window_label(window("2025-12-31", "2026-01-01"), now) == "Wed, Dec 31, 2025"
    assert short_words(window("2026-11-22", "2026-11-29"), year=False) == "Nov 22 \u2013 28"
    assert short_words(window("2026-11-29", "2026-12-06"), year=True) == "Nov 29 \u2013 Dec 5, 2026"
    assert short_words(window("2025-12-31", "2026-01-02"), year=True) == "Dec 31, 2025 \u2013 Jan 1, 2026"
    assert short_words(window("2026-11-29", "2026-11-30"), year=False) == "Nov 29"
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
