"""The intervals of local days: which of them there are, and which calls came in on past days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reports.model.windows import start_of

DAY = timedelta(days=1)


def days_between(first: date, end: date) -> list[date]:
    """The days from the first up to another, which is not included."""
    return [first + number * DAY for number in range((end - first).days)]


def intervals_of(day: date, zone: ZoneInfo, length: timedelta) -> Iterator[datetime]:
    """The start of every interval of a local day, in the zone; a day of 23 or 25 hours has fewer or more."""
    moment, end = start_of(day, zone), start_of(day + DAY, zone)
    while moment < end:
        yield moment.astimezone(zone)
        moment += length


def same_intervals(
    counts: Mapping[datetime, int], days: Sequence[date], zone: ZoneInfo, length: timedelta
) -> dict[tuple[int, str], list[int]]:
    """The calls of past days by weekday and time on the clock, the newest day last.

    counts: by the start of the interval in UTC; without an entry, no call came in. An hour that the clock repeats is
    two intervals, and one that it skips is none.
    """
    history: dict[tuple[int, str], list[int]] = {}
    for day in days:
        for starts_at in intervals_of(day, zone, length):
            history.setdefault(place_of(starts_at), []).append(counts.get(starts_at.astimezone(UTC), 0))
    return history


def place_of(starts_at: datetime) -> tuple[int, str]:
    """The place of an interval in the week: its weekday, and its time on the clock."""
    return starts_at.weekday(), f"{starts_at:%H:%M}"
