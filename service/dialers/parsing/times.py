"""Times in the notations of dialers: Unix seconds, ISO 8601, RFC 2822; with a zone, or without."""

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from reports.model.times import TimeFormError, read_zone

_UNIX = re.compile(r"\d{9,11}(\.\d{1,9})?", re.ASCII).fullmatch
# Carriers that imitate other vendors write the zone's name instead of the offset: `... 14:30:14 Etc/UTC`.
_NAMED_ZONE = re.compile(r"(.*\d) ([A-Za-z]+/[A-Za-z_/+\-0-9]{1,40})", re.ASCII).fullmatch
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_LAST_UNIX = 7_258_118_400


def parse_time(value: str | float, zone: tzinfo | None) -> datetime | None:
    """The time in UTC, or None if the value is no time; zone: for a text without a zone."""
    if isinstance(value, bool):
        return None
    if not isinstance(value, str):
        return _unix(value)
    text = value.strip()
    if _UNIX(text):
        return _unix(float(text))
    if named := _NAMED_ZONE(text):
        text, zone = named[1], _zone(named[2])
    return _in_utc(_parsed(text), zone)


def _unix(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(round(seconds, 6), UTC) if 0 < seconds <= _LAST_UNIX else None


def _parsed(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _zone(name: str) -> tzinfo | None:
    try:
        return read_zone(name)
    except TimeFormError:
        return None


def _in_utc(time: datetime | None, zone: tzinfo | None) -> datetime | None:
    if time is None:
        return None
    if time.tzinfo is None:
        if zone is None:
            return None
        time = time.replace(tzinfo=zone)
    try:
        time = time.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return time if _FIRST_YEAR <= time.year < _LAST_YEAR else None
