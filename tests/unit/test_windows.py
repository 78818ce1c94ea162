"""Windows of time: half-open, in one named zone, with the days and hours that zone really has."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.model import windows
from reports.model.windows import TimeFormError

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 18, 12, 30, tzinfo=UTC)


def instants(*texts: str) -> pl.DataFrame:
    return pl.DataFrame({"dialed_at": [datetime.fromisoformat(text) for text in texts]}).cast(pl.Datetime("us", "UTC"))


def test_a_date_is_the_start_of_that_day_in_the_zone() -> None:
    assert windows.read_edge("2026-03-01", BERLIN) == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert windows.read_edge("2026-03-01", ZoneInfo("Asia/Kathmandu")) == datetime(2026, 2, 28, 18, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-03-29", "Europe/Berlin", 23),
        ("2026-10-25", "Europe/Berlin", 25),
        ("2026-03-08", "America/New_York", 23),
        ("2026-11-01", "America/New_York", 25),
        ("2026-10-04", "Australia/Lord_Howe", 23.5),
        ("2026-04-05", "Australia/Lord_Howe", 24.5),
        ("2026-03-29", "Asia/Kathmandu", 24),
        ("2018-11-04", "America/Sao_Paulo", 23),  # midnight did not exist: the day began at one o'clock
        ("2011-12-30", "Pacific/Apia", 0),  # the day did not exist
    ],
)
def test_a_day_has_as_many_hours_as_its_zone_gave_it(day: str, zone: str, hours: float) -> None:
    start = date.fromisoformat(day)
    place = ZoneInfo(zone)
    length = windows.start_of(start + timedelta(days=1), place) - windows.start_of(start, place)
    assert length == timedelta(hours=hours)


def test_each_of_the_two_hours_when_clocks_go_back_is_an_hour_of_its_own() -> None:
    calls = instants("2026-10-25T00:10:00Z", "2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z", "2026-10-25T02:10:00Z")
    hours = calls.select(windows.local_hour("dialed_at", "Europe/Berlin"))["dialed_at"]
    assert [hour.isoformat() for hour in hours] == [
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
        "2026-10-25T03:00:00+01:00",
    ]


def test_hours_begin_on_the_local_clock_also_at_a_quarter_to() -> None:
    calls = instants("2026-03-01T00:14:59Z", "2026-03-01T00:15:00Z")
    hours = calls.select(windows.local_hour("dialed_at", "Asia/Kathmandu"))["dialed_at"]
    assert [f"{hour:%H:%M}" for hour in hours] == ["05:00", "06:00"]


@given(
    instant=st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)),  # noqa: DTZ001  hypothesis wants them bare
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"]),
)
def test_a_moment_lies_in_the_day_it_is_put_in(instant: datetime, zone: str) -> None:
    moment = instant.replace(tzinfo=UTC)
    place = ZoneInfo(zone)
    [day] = pl.DataFrame({"at": [moment]}).cast(pl.Datetime("us", "UTC")).select(windows.local_day("at", zone))["at"]
    assert windows.start_of(day, place) <= moment < windows.start_of(day + timedelta(days=1), place)


def test_without_edges_it_is_the_last_seven_full_days_of_the_zone() -> None:
    week = windows.window(None, None, BERLIN, NOW)
    assert week.local(week.start).isoformat() == "2026-03-11T00:00:00+01:00"
    assert week.local(week.end).isoformat() == "2026-03-18T00:00:00+01:00"
    # At this moment it is already tomorrow in Auckland.
    ahead = windows.window(None, None, ZoneInfo("Pacific/Auckland"), NOW)
    assert ahead.local(ahead.end).isoformat() == "2026-03-19T00:00:00+13:00"
    spring = windows.window(None, None, BERLIN, datetime(2026, 4, 1, tzinfo=UTC))
    assert spring.end - spring.start == timedelta(days=7, hours=-1)


def test_an_edge_that_is_not_given_follows_from_the_one_that_is() -> None:
    since = windows.window(windows.read_edge("2026-03-01", BERLIN), None, BERLIN, NOW)
    assert since.local(since.end).isoformat() == "2026-03-19T00:00:00+01:00"
    until = windows.window(None, windows.read_edge("2026-03-01", BERLIN), BERLIN, NOW)
    assert until.local(until.start).isoformat() == "2026-02-22T00:00:00+01:00"
    coming = windows.window(windows.read_edge("2026-04-01", BERLIN), None, BERLIN, NOW)
    assert coming.local(coming.end).isoformat() == "2026-04-02T00:00:00+02:00"


def test_a_window_that_ends_before_it_starts_or_never_ends_is_refused() -> None:
    start, end = windows.read_edge("2026-03-02", BERLIN), windows.read_edge("2026-03-01", BERLIN)
    with pytest.raises(TimeFormError, match="later than from"):
        windows.window(start, end, BERLIN, NOW)
    with pytest.raises(TimeFormError, match="later than from"):
        windows.window(start, start, BERLIN, NOW)
    with pytest.raises(TimeFormError, match="3660 days"):
        windows.window(windows.read_edge("1990-01-01", BERLIN), end, BERLIN, NOW)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2026-03-01T09:30:00", "needs an offset"),
        ("2026-03-01 09:30:00", "needs an offset"),
        ("2026-03-01T09:30:00 01:00", "%2B"),
        ("2026-02-30", "not a day that exists"),
        ("2026-03-01T25:00:00Z", "not a moment that exists"),
        ("0001-01-01T00:00:00+10:00", "not a moment that exists"),
        ("1969-12-31T23:59:59Z", "must not be before 1970"),
        ("1969-12-31", "between the years"),
        ("9999-12-31", "between the years"),
        ("yesterday", "must be a date"),
        ("", "must be a date"),
        ("20260301", "must be a date"),
        ("\u0662\u0660\u0662\u0666-03-01", "must be a date"),  # digits, but not ours
    ],
)
def test_what_is_no_edge_says_what_it_should_be(text: str, advice: str) -> None:
    with pytest.raises(TimeFormError, match=advice):
        windows.read_edge(text, BERLIN)


def test_an_instant_may_have_a_fraction_and_any_offset() -> None:
    assert windows.read_instant("2026-03-01t09:30:00.25+05:45") == datetime(2026, 3, 1, 3, 45, 0, 250000, UTC)
