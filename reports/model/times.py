"""Moments and time zones as people write them: one rule for every place that reads one.

A moment is an RFC 3339 time with its offset from UTC, in 1970 or later. A time zone is a name of the IANA database, as
the `tzdata` package in our requirements lists them: places (Europe/Berlin), their older names (Japan, US/Eastern),
UTC, and fixed offsets that have a name (Etc/GMT+5). Python, Polars and PostgreSQL all know each of these names.
`Factory`, which stands for a clock that nobody has set, is left out, and so are a machine's own entries, such as
`localtime`.
"""

import re
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
# Of a zone; a longer text resembles none.
_LONGEST_NAME = 64

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE).fullmatch
_NO_OFFSET = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?", re.ASCII | re.IGNORECASE).fullmatch
_LOST_PLUS = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+ \d\d:\d\d", re.ASCII | re.IGNORECASE).fullmatch
_OFFSET_FOR_ZONE = re.compile(r"(Etc/)?(UTC|GMT)?\s*[+-]?\s*\d{1,2}(:?\d{2})?", re.ASCII | re.IGNORECASE).fullmatch


class TimeFormError(ValueError):
    """A zone, a date or a time that cannot be used; the message says what it must be."""


def is_time(text: str) -> bool:
    """Whether a text has the form of an RFC 3339 time with its offset; the moment may still not exist."""
    return _TIME(text) is not None


@lru_cache(maxsize=65_536)
def read_time(text: str) -> datetime:
    """The moment of an RFC 3339 time with its offset, in UTC. Raises TimeFormError."""
    if not is_time(text):
        raise TimeFormError(time_advice(text))
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise TimeFormError("is not a moment that exists") from None
    if moment < FIRST_MOMENT:
        raise TimeFormError("must not be before 1970-01-01T00:00:00Z")
    return moment


def time_advice(text: str, expected: str = "must be") -> str:
    """How to write a text that is not an RFC 3339 time; expected: how that sentence starts."""
    if _LOST_PLUS(text):
        return "has a space where its offset should start: in a URL write + as %2B"
    if _NO_OFFSET(text):
        return "needs an offset from UTC, such as 2026-03-01T09:30:00+01:00"
    return f"{expected} an RFC 3339 time, such as 2026-03-01T09:30:00Z"


@cache
def zone_names() -> frozenset[str]:
    """The names of all time zones that accounts, campaigns, hooks, imports and reports may use."""
    return frozenset(files("tzdata").joinpath("zones").read_text().split()) - {"Factory"}


def read_zone(text: str) -> ZoneInfo:
    """The time zone of a name. Raises TimeFormError."""
    if text in zone_names():
        return ZoneInfo(text)
    if _OFFSET_FOR_ZONE(text):
        raise TimeFormError("must name a place, such as Europe/Berlin: an offset does not follow summer time")
    close = get_close_matches(text[:_LONGEST_NAME], sorted(zone_names()), n=1)
    advice = f"; did you mean {close[0]}?" if close else ", such as America/New_York"
    raise TimeFormError(f"must be an IANA time zone{advice}")
