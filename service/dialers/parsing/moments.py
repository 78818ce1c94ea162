"""Moments in the notations of dialers: Unix seconds, ISO 8601, RFC 2822; with a zone, or without one."""

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from reports.model.times import TimeFormError, read_zone

_UNIX = re.compile(r"\d{9,11}(\.\d{1,9})?", re.ASCII).fullmatch
# Carriers that speak like others write the zone's name where the offset should be: `... 14:30:14 Etc/UTC`.
_NAMED_ZONE = re.compile(r"(.*\d) ([A-Za-z]+/[A-Za-z_/+\-0-9]{1,40})", re.ASCII).fullmatch
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_LAST_UNIX = 7_258_118_400


def read_moment(value: str | float, zone: tzinfo | None) -> datetime | None:
    """The moment in UTC, or None where it is none; zone: of a text without one."""
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


def _in_utc(moment: datetime | None, zone: tzinfo | None) -> datetime | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        if zone is None:
            return None
        moment = moment.replace(tzinfo=zone)
    try:
        moment = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if _FIRST_YEAR <= moment.year < _LAST_YEAR else None
