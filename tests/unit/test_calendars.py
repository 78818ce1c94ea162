"""Working time: days worked out by hand, laws, and a clock read minute by minute as an independent witness."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.model.calendars import (
    SCHEMA,
    Calendar,
    Calendars,
    Hours,
    basis,
    business_days_after,
    business_ms,
    open_windows,
    read_calendars,
    read_hours,
    usual,
)
from reports.model.types import INSTANT

MINUTE = 60_000
HOUR = 60 * MINUTE
NEW_YORK, BERLIN, KATHMANDU = "America/New_York", "Europe/Berlin", "Asia/Kathmandu"

Row = tuple[str | None, datetime | None, datetime | None]


def daily(zone: str, *hours: str, **holidays: list[str]) -> Calendar:
    """The same hours every day except on the days of March 2026 that are named. d9=[] closes on the ninth."""
    special = {date(2026, 3, int(day[1:])): read_hours(of_day) for day, of_day in holidays.items()}
    return Calendar(zone, (read_hours(hours),) * 7, special)


def local(text: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def frame(rows: list[Row]) -> pl.LazyFrame:
    schema = {"team": pl.String, "start": INSTANT, "end": INSTANT}
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index().lazy()


def measured(rows: list[Row], calendars: Calendars) -> list[int | None]:
    durations = frame(rows).pipe(business_ms, "start", "end", "team", calendars, "ms").sort("index").collect()
    assert durations.columns == ["index", "team", "start", "end", "ms"]
    return durations["ms"].to_list()


def worked(calendar: Calendar, start: datetime | None, end: datetime | None) -> int | None:
    return measured([(None, start, end)], {None: calendar})[0]


def kept_until(calendar: Calendar, start: datetime | None, days: int) -> datetime | None:
    rows = frame([(None, start, None)]).pipe(business_days_after, "start", days, "team", {None: calendar}, "until")
    return rows.collect()["until"].item()


# Worked by hand ------------------------------------------------------------------------------------------------------


def test_nights_weekends_and_the_hour_lost_on_sunday_do_not_count() -> None:
    # Friday 16:30 to 17:00 is 30 minutes, Monday 09:00 to 09:10 is 10: 40. The clocks went forward on Sunday, 8 March.
    start, end = local("2026-03-06T16:30"), local("2026-03-09T09:10")
    assert worked(usual(NEW_YORK), start, end) == 40 * MINUTE
    assert end - start == timedelta(hours=63, minutes=40)  # and not 64:40


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-07T11:00", "2026-03-09T09:05", 5),  # a Saturday's lead starts on Monday at 9
        ("2026-03-07T11:00", "2026-03-07T11:20", 0),  # called on Saturday: no working time passed
        ("2026-03-06T17:00", "2026-03-06T23:00", 0),  # closing time is closed
        ("2026-03-06T08:59", "2026-03-06T09:00", 0),
        ("2026-03-06T12:00", "2026-03-06T12:00", 0),
        ("2026-03-06T09:10", "2026-03-06T09:00", -10),  # called before it came in
        ("2026-03-02T09:00", "2026-03-06T17:00", 5 * 8 * 60),
    ],
)
def test_office_hours(start: str, end: str, minutes: int) -> None:
    assert worked(usual(NEW_YORK), local(start), local(end)) == minutes * MINUTE


def test_a_holiday_is_closed_a_short_day_is_short_and_a_special_sunday_is_open() -> None:
    # Monday 9 March is a holiday, on Tuesday it is 9 to 12, and Sunday 8 March is open 10 to 14.
    hours = {date(2026, 3, 8): ["10:00-14:00"], date(2026, 3, 9): [], date(2026, 3, 10): ["09:00-12:00"]}
    office = usual(NEW_YORK)
    calendar = Calendar(NEW_YORK, office.week, {day: read_hours(of_day) for day, of_day in hours.items()})
    # Friday 16:00-17:00, Sunday 4 h, Monday none, Tuesday 3 h, Wednesday 9:00-9:30.
    assert worked(calendar, local("2026-03-06T16:00"), local("2026-03-11T09:30")) == 8 * HOUR + 30 * MINUTE


def test_a_day_has_23_or_25_hours() -> None:
    always = daily(NEW_YORK, "00:00-24:00")
    assert worked(always, local("2026-03-08T00:00"), local("2026-03-09T00:00")) == 23 * HOUR
    assert worked(always, local("2026-11-01T00:00"), local("2026-11-02T00:00")) == 25 * HOUR


@pytest.mark.parametrize(
    ("day", "hours", "minutes"),
    [
        ("2026-03-08", ["01:00-04:00"], 120),  # 02:00 to 03:00 is skipped
        ("2026-03-08", ["02:00-02:45"], 45),  # counted on from before the skip: 03:00 to 03:45
        ("2026-03-08", ["02:00-02:45", "03:00-04:00"], 60),  # which is not counted twice
        ("2026-11-01", ["01:00-02:00"], 120),  # shown twice
        ("2026-11-01", ["00:00-01:30"], 90),  # until 01:30 is shown for the first time
        ("2026-11-01", ["01:30-03:00"], 150),  # 01:30, again 01:00 to 02:00, to 03:00
    ],
)
def test_hours_on_the_days_the_clocks_change(day: str, hours: list[str], minutes: int) -> None:
    start = local(f"{day}T00:00")
    assert worked(daily(NEW_YORK, *hours), start, start + timedelta(hours=20)) == minutes * MINUTE


def test_where_midnight_is_skipped_the_day_starts_at_one() -> None:
    # In Havana, 8 March 2026 starts at 01:00, which is 05:00 in London.
    windows = open_windows(
        daily("America/Havana", "00:00-24:00"), datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)
    )
    assert windows.rows() == [(datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC))]


def test_a_night_shift_is_two_pieces() -> None:
    calendar = daily(NEW_YORK, "00:00-06:00", "22:00-24:00")
    assert worked(calendar, local("2026-03-03T21:00"), local("2026-03-04T07:00")) == 8 * HOUR


def test_a_zone_of_three_quarters_of_an_hour() -> None:
    # 09:00 in Kathmandu is 03:15 in London.
    windows = open_windows(usual(KATHMANDU), datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, 4, tzinfo=UTC))
    assert windows.rows() == [
        (datetime(2026, 3, 2, 3, 15, tzinfo=UTC), datetime(2026, 3, 2, 11, 15, tzinfo=UTC)),
        (datetime(2026, 3, 3, 3, 15, tzinfo=UTC), datetime(2026, 3, 3, 4, tzinfo=UTC)),
    ]
    assert windows.schema == {"opens_at": INSTANT, "closes_at": INSTANT}


def test_each_row_is_measured_by_its_own_team() -> None:
    calendars = {None: usual(NEW_YORK), "night": daily(BERLIN, "20:00-24:00"), "de": usual(BERLIN)}
    # Monday 20:00 to Tuesday 20:00 in London: in Berlin 21:00, in New York 15:00.
    start, end = datetime(2026, 3, 2, 20, tzinfo=UTC), datetime(2026, 3, 3, 20, tzinfo=UTC)
    rows: list[Row] = [("de", start, end), ("night", start, end), ("new", start, end), (None, start, end)]
    assert measured(rows, calendars) == [8 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR]
    assert measured([("de", None, end), ("de", start, None), ("de", None, None)], calendars) == [None] * 3
    assert measured([], calendars) == []
    assert measured([("de", start, end), ("de", start, None)], {None: usual(NEW_YORK)}) == [8 * HOUR, None]


def test_a_calendar_with_few_openings_measures_what_comes_before_the_first() -> None:
    fridays = Calendar(BERLIN, ((),) * 4 + (read_hours(["09:00-17:00"]),) + ((),) * 2)
    assert worked(fridays, local("2026-03-03T12:00", BERLIN), local("2026-03-04T12:00", BERLIN)) == 0
    assert worked(fridays, local("2026-03-03T12:00", BERLIN), local("2026-03-06T09:01", BERLIN)) == MINUTE


@pytest.mark.parametrize(
    ("start", "days", "until"),
    [
        ("2026-03-06T10:00", 1, "2026-03-10T00:00"),  # Friday: until the end of Monday
        ("2026-03-06T23:59", 1, "2026-03-10T00:00"),
        ("2026-03-07T00:00", 1, "2026-03-10T00:00"),  # Saturday: the same
        ("2026-03-09T08:00", 1, "2026-03-11T00:00"),  # Monday, before it opens: the day itself does not count
        ("2026-03-06T10:00", 2, "2026-03-11T00:00"),
        ("2026-03-06T10:00", 7, "2026-03-19T00:00"),  # the week from the 9th, no Monday, Tuesday and Wednesday
        ("2026-03-13T10:00", 1, "2026-03-18T00:00"),  # Monday, 16 March, is a holiday: until the end of Tuesday
    ],
)
def test_within_so_many_business_days(start: str, days: int, until: str) -> None:
    calendar = Calendar(NEW_YORK, usual(NEW_YORK).week, {date(2026, 3, 16): ()})
    assert kept_until(calendar, local(start), days) == local(until)
    assert kept_until(calendar, None, days) is None


def test_a_working_day_after_a_month_of_holidays() -> None:
    closed = {date(2026, 4, 1) + timedelta(days=day): () for day in range(30)}
    assert kept_until(Calendar(BERLIN, usual(BERLIN).week, closed), local("2026-03-31T12:00", BERLIN), 1) == local(
        "2026-05-02T00:00",
        BERLIN,  # Friday, 1 May
    )


# Which calendar ------------------------------------------------------------------------------------------------------


def table(*rows: tuple[str, str, object, object]) -> pl.DataFrame:
    records = [(team, zone, json.dumps(hours), json.dumps(holidays)) for team, zone, hours, holidays in rows]
    return pl.DataFrame(records, schema=SCHEMA, orient="row")


def of_teams(calendars: Calendars, *teams: str | None) -> list[str]:
    return (
        pl.DataFrame({"team": teams}, schema={"team": pl.String}).select(basis("team", calendars)).to_series().to_list()
    )


def test_calendars_are_read_as_the_ledger_keeps_them() -> None:
    day = {"on": "2026-12-24", "name": "Christmas Eve", "hours": ["09:00-12:00"]}
    closers = ("closers", BERLIN, {"monday": ["13:00-24:00", "09:00-12:30"]}, [day, {"on": "2026-12-25", "hours": []}])
    calendars = read_calendars(table(closers), NEW_YORK)
    assert calendars == {
        None: usual(NEW_YORK),
        "closers": Calendar(
            BERLIN,
            (((540, 750), (780, 1440)), (), (), (), (), (), ()),
            {date(2026, 12, 24): ((540, 720),), date(2026, 12, 25): ()},
        ),
    }
    assert of_teams(calendars, "closers", "openers", None) == ["team", "assumed", "assumed"]


def test_the_default_calendar_is_for_every_team_without_one() -> None:
    calendars = read_calendars(table(("default", BERLIN, {"friday": ["09:00-10:00"]}, [])), NEW_YORK)
    assert (calendars[None].zone, calendars[None].assumed) == (BERLIN, False)
    assert of_teams(calendars, "openers", "default", None) == ["account"] * 3


# Laws ----------------------------------------------------------------------------------------------------------------

ZONES = st.sampled_from([NEW_YORK, BERLIN, KATHMANDU, "America/Havana", "Australia/Lord_Howe", "Pacific/Auckland"])
# Both changes of the clock in every zone of these are among the days.
FIRST, DAYS = datetime(2026, 2, 20, tzinfo=UTC), 270


def hours_of(step: int) -> st.SearchStrategy[Hours]:
    """A day's hours on clock times so many minutes apart."""
    marks = st.lists(st.integers(0, 1440 // step), max_size=6, unique=True).map(sorted)
    return marks.map(lambda edges: tuple((a * step, b * step) for a, b in zip(edges[::2], edges[1::2], strict=False)))


def calendars_of(step: int) -> st.SearchStrategy[Calendar]:
    weeks = st.tuples(*(hours_of(step) for _ in range(7))).filter(any)
    days = st.integers(0, DAYS).map(lambda day: FIRST.date() + timedelta(days=day))
    return st.builds(Calendar, ZONES, weeks, st.dictionaries(days, hours_of(step), max_size=4))


def moments(unit: timedelta) -> st.SearchStrategy[datetime]:
    return st.integers(0, timedelta(days=DAYS) // unit).map(lambda number: FIRST + number * unit)


MOMENTS = moments(timedelta(milliseconds=1))
CALENDARS = calendars_of(15)


@settings(max_examples=40, deadline=None)
@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up_over_a_cut_and_is_part_of_all_time(
    calendar: Calendar, a: datetime, b: datetime, c: datetime
) -> None:
    early, cut, late = sorted([a, b, c])
    pieces: list[Row] = [(None, early, cut), (None, cut, late), (None, early, late), (None, late, early)]
    first, second, whole, back = (ms or 0 for ms in measured(pieces, {None: calendar}))
    assert first + second == whole == -back
    assert 0 <= first <= (cut - early) // timedelta(milliseconds=1)
    always = daily(calendar.zone, "00:00-24:00")
    assert worked(always, early, late) == (late - early) // timedelta(milliseconds=1)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b"]), CALENDARS), CALENDARS, st.data())
def test_a_row_is_measured_alike_alone_and_among_others(
    own: dict[str | None, Calendar], others: Calendar, data: st.DataObject
) -> None:
    row = st.tuples(st.sampled_from(["a", "b", "c", None]), st.none() | MOMENTS, st.none() | MOMENTS)
    rows, calendars = data.draw(st.lists(row, min_size=2, max_size=4)), own | {None: others}
    assert measured(rows, calendars) == [measured([row], calendars)[0] for row in rows]


@settings(max_examples=25, deadline=None)
@given(calendars_of(60), moments(timedelta(minutes=1)), st.integers(0, 3 * 1440))
def test_working_time_is_what_the_clock_shows_minute_by_minute(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    zone = ZoneInfo(calendar.zone)

    def is_open(minute: int) -> bool:
        shown = (start + timedelta(minutes=minute)).astimezone(zone)
        hours = calendar.holidays.get(shown.date(), calendar.week[shown.weekday()])
        return any(opens <= shown.hour * 60 + shown.minute < closes for opens, closes in hours)

    counted = sum(map(is_open, range(minutes)))
    assert worked(calendar, start, start + timedelta(minutes=minutes)) == counted * MINUTE


@settings(max_examples=40, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(1, 8))
def test_business_days_are_counted_on_the_calendar(calendar: Calendar, start: datetime, days: int) -> None:
    zone = ZoneInfo(calendar.zone)
    day, left = start.astimezone(zone).date(), days
    while left:
        day += timedelta(days=1)
        left -= bool(calendar.holidays.get(day, calendar.week[day.weekday()]))
    ends_at = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
    assert kept_until(calendar, start, days) == ends_at
