"""Time on the floor: instants are whole milliseconds since 1970 in UTC, and become text only when they are sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SATURDAY = 5


def instant_of(moment: datetime) -> int:
    """The instant of a moment on the clock."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def moment_of(instant: int) -> datetime:
    """The moment, in UTC, of an instant."""
    return _EPOCH + timedelta(milliseconds=instant)


def wire_time(instant: int) -> str:
    """An instant as RFC 3339 text with its offset."""
    return moment_of(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wire_seconds(milliseconds: int) -> float:
    """A duration as it is sent: seconds with decimals."""
    return milliseconds / SECOND


def local(instant: int, zone: str) -> datetime:
    """What the clock on the wall shows in a zone."""
    return moment_of(instant).astimezone(ZoneInfo(zone))


def hour_there(instant: int, zone: str) -> float:
    """The hour of day in a zone, 13.5 for half past one in the afternoon."""
    clock = local(instant, zone)
    return clock.hour + clock.minute / 60


def at_hour(day: date, hour: float, zone: str) -> int:
    """The instant at which the wall clock of a zone shows this hour on this day."""
    whole = int(hour * 60)
    return instant_of(datetime.combine(day, time(whole // 60, whole % 60), ZoneInfo(zone)).astimezone(UTC))


def working_days(until: int, zone: str, count: int) -> list[date]:
    """The last so many days from Monday to Friday in a zone, today included, the oldest first."""
    day, found = local(until, zone).date(), list[date]()
    while len(found) < count:
        if day.weekday() < _SATURDAY:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]
