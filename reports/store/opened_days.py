"""Day files as they were opened: what they know, whether they are as they were written, and their rows."""

import os
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from pathlib import Path

import polars as pl

from reports.model.types import Schema
from reports.store.file_spans import Span
from reports.store.ledger import LedgerState

_BLOCK_BYTES = 1024 * 1024
_ROW = "row of all files"


@dataclass(frozen=True)
class Edition:
    """What files know: the rows of a ledger, up to a watermark, as its codes decided them then.

    ledger: identifies the ledger and the account. meanings, readings: those of the codes (reports/model/codes.py).
    moment: when they were made; what is dated later had not happened for them.
    """

    ledger: str
    watermark: int
    meanings: Mapping[str, str]
    readings: Mapping[str, Mapping[str, str]]
    moment: datetime


@dataclass(frozen=True)
class DayFile:
    """The file of some days: its name, its number of rows, its size, when it was written, and its checksum."""

    span: Span
    name: str
    rows: int
    size: int
    written_ns: int
    checksum: int


@dataclass(frozen=True, eq=False)
class OpenedDays:
    """The files that counted when they were opened, and what they know.

    updated_at: when they were brought up to date. left: files that no longer count, and the time they left.
    """

    folder: Path
    schema: Schema
    edition: Edition
    files: Collection[DayFile]
    updated_at: datetime
    left: Mapping[str, float]

    @property
    def address(self) -> str:
        """The address of the files."""
        return str(self.folder)

    @property
    def rows(self) -> int:
        """The number of rows in all files."""
        return sum(file.rows for file in self.files)

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def is_intact(self) -> bool:
        """Whether all files are as they were written. It looks at sizes and times, and opens no file."""
        folder = str(self.folder)  # every report looks at every file: paths would cost more than the looking
        try:
            return all(_is_as_written(f"{folder}/{file.name}", file) for file in self.files)
        except OSError:
            return False

    @property
    def is_unchanged(self) -> bool:
        """Whether all files have their checksum. It reads every byte."""
        try:
            return all(checksum_of(self.folder / file.name) == file.checksum for file in self.files)
        except OSError:
            return False

    def is_for(self, owner: LedgerState) -> bool:
        """Whether the files can serve a snapshot. Files with later transactions predate a restore of the ledger."""
        return self.edition.ledger == owner.ledger_id and 0 < self.edition.watermark <= owner.watermark

    def of_days(self, days: Collection[date]) -> list[DayFile]:
        """The files with rows of some days; they may have rows of other days as well."""
        chosen = {*days}
        return [file for file in self.files if not chosen.isdisjoint(file.span.days)]

    def since(self, day: date) -> set[date]:
        """The days of files from a day on."""
        return {some for file in self.files if file.span.last >= day for some in file.span.days}

    def scan(self, days: Collection[date] | None = None) -> pl.LazyFrame:
        """All rows; or those of some days, and perhaps of other days."""
        chosen = self.files if days is None else self.of_days(days)
        paths = [self.folder / file.name for file in chosen if file.rows]
        return pl.scan_ipc(paths) if paths else pl.LazyFrame(schema=self.schema)

    def find(self, test: pl.Expr, days: Collection[date] | None = None) -> pl.DataFrame:
        """The rows that pass a test, and only these are read whole: far less work than `scan` where they are few.

        days: those of which all such rows are wanted; the result may have rows of other days as well.
        """
        files = [file for file in (self.files if days is None else self.of_days(days)) if file.rows]
        paths = [self.folder / file.name for file in files]
        parts = [pl.DataFrame(schema=self.schema)]
        if files:
            numbered = pl.scan_ipc(paths, row_index_name=_ROW)
            rows = numbered.filter(test).select(_ROW).collect(engine="streaming")[_ROW]
            ends = accumulate(file.rows for file in files)
            for file, path, end in zip(files, paths, ends, strict=True):
                first = end - file.rows
                mine = rows.filter(rows.is_between(first, end, closed="left"))
                parts += [pl.read_ipc(path)[mine - first]] if mine.len() else []
        return pl.concat(parts)


def broken_of(files: Iterable[OpenedDays], *, by_content: bool = False) -> list[OpenedDays]:
    """Which files are not as they were written. by_content: compare checksums, too."""
    return [days for days in files if not (days.is_intact and (not by_content or days.is_unchanged))]


def _is_as_written(path: str, file: DayFile) -> bool:
    status = os.stat(path)  # noqa: PTH116  see is_intact
    return (status.st_size, status.st_mtime_ns) == (file.size, file.written_ns)


def checksum_of(path: Path) -> int:
    """The checksum of a file. Raises OSError."""
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            checksum = zlib.crc32(block, checksum)
    return checksum
