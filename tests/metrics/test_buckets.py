"""Pieces of time and lengths of talk: each call in exactly one, that which arithmetic gives."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from reports.catalogue.dimensions import DIMENSIONS

# Over a day of 23 hours and one of 25 in Berlin, half hours of it, and a zone that is a quarter of an hour off.
MOMENTS = [
    start + timedelta(minutes=30 * step)
    for start in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC))
    for step in range(72)
]
SECOND = 1_000


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"])
def test_the_hour_of_the_day_is_what_the_clock_of_the_zone_shows(zone: str) -> None:
    table = pl.DataFrame({"dialed_at": MOMENTS})
    hours = table.select(DIMENSIONS["hour_of_day"].text("dialed_at", zone)).to_series().to_list()
    assert hours == [f"{moment.astimezone(ZoneInfo(zone)):%H:00}" for moment in MOMENTS]
    assert set(hours) <= set(DIMENSIONS["hour_of_day"].values)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"])
@pytest.mark.parametrize(("name", "minutes"), [("half_hour_of_day", 30), ("quarter_hour_of_day", 15)])
def test_the_interval_of_the_day_is_what_the_clock_of_the_zone_shows(zone: str, name: str, minutes: int) -> None:
    table = pl.DataFrame({"arrived_at": MOMENTS})
    pieces = table.select(DIMENSIONS[name].text("arrived_at", zone)).to_series().to_list()
    shown = [moment.astimezone(ZoneInfo(zone)) for moment in MOMENTS]
    assert pieces == [f"{clock.hour:02}:{clock.minute // minutes * minutes:02}" for clock in shown]
    assert set(pieces) <= set(DIMENSIONS[name].values)


@pytest.mark.parametrize(
    ("talk_ms", "dead_ms", "length"),
    [
        (0, None, "under 30 s"),
        (30 * SECOND - 1, None, "under 30 s"),
        (30 * SECOND, 0, "30 s to 1 min"),
        (60 * SECOND, None, "1 to 2 min"),
        (60 * SECOND, 1, "30 s to 1 min"),
        (120 * SECOND, None, "2 to 5 min"),
        (300 * SECOND - 1, None, "2 to 5 min"),
        (300 * SECOND, None, "5 to 10 min"),
        (600 * SECOND, None, "10 min or more"),
        (9_000 * SECOND, None, "10 min or more"),
        (10 * SECOND, 20 * SECOND, "under 30 s"),
        (None, None, None),
        (None, 5 * SECOND, None),
    ],
)
def test_a_talk_is_as_long_as_the_customer_was_there(
    talk_ms: int | None, dead_ms: int | None, length: str | None
) -> None:
    assert _length(talk_ms, dead_ms, "human", "agent") == length
    assert _length(talk_ms, dead_ms, "unknown", "agent") == length
    assert _length(talk_ms, dead_ms, "machine", "agent") is None
    assert _length(talk_ms, dead_ms, "human", "none") is None


def _length(talk_ms: int | None, dead_ms: int | None, answered_by: str, handled: str) -> str | None:
    row = {"network_result": "answered", "answered_by": answered_by, "handled": handled}
    times = {"talk_ms": [talk_ms], "dead_ms": [dead_ms]}
    table = pl.DataFrame(row).with_columns(pl.DataFrame(times, schema=dict.fromkeys(times, pl.Int32)))
    return table.select(DIMENSIONS["talk_length"].text("dialed_at", "UTC")).item()


def test_what_is_no_hour_and_no_length_is_named_as_such() -> None:
    assert DIMENSIONS["hour_of_day"].fault("9 am") == "must be like 09:00"
    assert DIMENSIONS["hour_of_week"].fault("monday") == "must be like Mon 09:00"
    assert "under 30 s, 30 s to 1 min" in (DIMENSIONS["talk_length"].fault("long") or "")
    assert DIMENSIONS["talk_length"].fault("") is None
