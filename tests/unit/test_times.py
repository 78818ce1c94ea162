"""What a moment and a time zone are: the same wherever one is read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from reports.model.times import TimeFormError, read_time, read_zone, zone_names

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Japan", "US/Eastern", "Etc/GMT+5", "EST"])
def test_places_older_names_and_named_offsets_are_time_zones(name: str) -> None:
    assert read_zone(name) == ZoneInfo(name)


@pytest.mark.parametrize("text", ["+02:00", "UTC+2", "GMT-5", "2", "Etc/GMT+99"])
def test_a_bare_offset_is_no_time_zone(text: str) -> None:
    with pytest.raises(TimeFormError, match="must name a place"):
        read_zone(text)


@pytest.mark.parametrize(
    "text", ["", "Mars/Olympus", "japan", "Factory", "localtime", "posixrules", "posix/Japan", "../zones", "UTC\n"]
)
def test_what_is_in_no_list_of_zones_is_refused(text: str) -> None:
    with pytest.raises(TimeFormError, match="must be an IANA time zone"):
        read_zone(text)


def test_python_and_polars_show_the_same_clock_in_every_zone() -> None:
    moment = pl.Series([NOON], dtype=pl.Datetime("us", "UTC"))
    for name in sorted(zone_names()):
        shown = moment.dt.convert_time_zone(name).dt.replace_time_zone(None)
        assert shown.to_list() == [NOON.astimezone(read_zone(name)).replace(tzinfo=None)], name
        back = shown.dt.replace_time_zone(name, ambiguous="earliest", non_existent="null")
        assert back.dt.convert_time_zone("UTC").to_list() == [NOON], name


def test_a_moment_may_have_a_fraction_and_any_offset() -> None:
    assert read_time("2026-03-01t09:30:00.25+05:45") == datetime(2026, 3, 1, 3, 45, 0, 250000, UTC)
