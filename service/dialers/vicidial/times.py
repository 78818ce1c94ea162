"""VICIdial's times: local ones of the server, and starts of calls from their ids."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from service.dialers import Unreadable
from service.dialers.parsing import Fields

_UNIQUE_ID = re.compile(r"(?:.*-)?(\d{9,10})\.\d+", re.ASCII).fullmatch
_CALL_ID = re.compile(r"[A-Z](\d{10})\d{10}", re.ASCII).fullmatch
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_NO_DAY = "0000-00-00"


def local_time(fields: Fields, name: str, zone: ZoneInfo, near: datetime) -> datetime | None:
    """A server's local time; in the hour that occurs twice when summer time ends, the time nearer to `near`."""
    text = fields.text(name)
    if text is None or text.startswith(_NO_DAY):
        return None
    try:
        time = datetime.fromisoformat(text)
        time = time.astimezone(UTC) if time.tzinfo else _nearest(time, zone, near)
    except (ValueError, OverflowError):
        raise Unreadable(f"{name} is not a time") from None
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        raise Unreadable(f"{name} is not a time")
    return time


def _nearest(time: datetime, zone: ZoneInfo, near: datetime) -> datetime:
    both = [time.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return min(both, key=lambda time: abs(time - near))


def start_of_call(fields: Fields, zone: ZoneInfo, time: datetime) -> datetime:
    """When the call began: from its unique id, otherwise its call id, otherwise counted back from the event."""
    if unique := _UNIQUE_ID(fields.text("uniqueid") or ""):
        return datetime.fromtimestamp(int(unique[1]), UTC)
    if written := _CALL_ID(fields.text("call_id") or ""):
        for year in (time.year + 1, time.year, time.year - 1):
            try:
                placed = _nearest(datetime.strptime(f"{year}{written[1]}", "%Y%m%d%H%M%S"), zone, time)  # noqa: DTZ007
            except (ValueError, OverflowError):
                continue
            if placed <= time:
                return placed
    return time - timedelta(seconds=min(fields.seconds("talk_time") or 0, 86_400))
