"""The time of an import: when its file knew the rows that do not state it themselves."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reports.model.times import TimeFormError, read_time
from service.config import SetupError


@dataclass(frozen=True)
class FileTime:
    """When a file knew its rows. source: where the time is from, in words for the summary.

    is_stated: whether the caller states it; otherwise the same file imported again has the time of its first import.
    """

    at: datetime
    source: str
    is_stated: bool = False


def read_file_time(path: Path, stated: str, now: datetime) -> FileTime:
    """The time of a file: a stated time, `now`, or `file` for its last change.

    A stream, such as standard input, has no last change: it counts as observed now. Raises SetupError.
    """
    if stated == "now":
        return FileTime(now, "the start of this import", is_stated=True)
    if stated != "file":
        return FileTime(_stated(stated, now), "as stated", is_stated=True)
    if not path.is_file():
        return FileTime(now, "the start of this import")
    # Files that were unpacked or copied together differ by chance within a second; of these the later import counts.
    changed_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    if changed_at > now:
        return FileTime(now, "the start of this import, as the file's own time is in the future")
    return FileTime(changed_at, "the file's last change")


def _stated(text: str, now: datetime) -> datetime:
    try:
        moment = read_time(text)
    except TimeFormError as error:
        raise SetupError(f"--observed-at must be file, now or a time: {text} {error}") from None
    if moment > now:
        raise SetupError(f"--observed-at must not be in the future: {text}")
    return moment
