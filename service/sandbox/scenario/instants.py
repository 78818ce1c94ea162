"""Time on the floor: instants are whole milliseconds since 1970 in UTC, and become text only when they are sent."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(moment: datetime) -> int:
    """The instant of a moment on the clock."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def moment_of(instant: int) -> datetime:
    """The moment, in UTC, of an instant."""
    return _EPOCH + timedelta(milliseconds=instant)


def wire_time(instant: int) -> str:
    """An instant as RFC 3339 text with its offset."""
    return moment_of(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local(instant: int, zone: str) -> datetime:
    """The time on the wall clock of a zone."""
    return moment_of(instant).astimezone(ZoneInfo(zone))


def at_hour(day: date, hour: int, zone: str) -> int:
    """The instant at which the wall clock of a zone shows this hour on this day."""
    return instant_of(datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC))
