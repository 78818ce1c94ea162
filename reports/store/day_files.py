"""Day files: rows made of the ledger, in one file for each day or week, mapped into memory by whoever reads them.

They are a cache on the disk of this machine: fast to read, and disposable. A manifest names the files that count, and
what they know. It is replaced in one step, so a reader finds all files of before or all of after, whatever dies in the
middle. Files that the manifest no longer names are deleted a while later, when no reader uses them.

A file counts while its size and the time of its last write are those of the manifest: looking at these costs nearly
nothing. A sync in doubt also compares checksums.

The folder's name stands for the columns, the rules that make the rows, and the version of the engine. So files of
another calltally count as none.
"""

import json
import os
import shutil
import time
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from uuid import uuid4

import polars as pl

from reports.model.types import Schema
from reports.store.durable import disk_errors, flush, make_folder, remove
from reports.store.file_spans import Span
from reports.store.ledger import LedgerState

# The code that decides what is in a row. A change of it makes all files be written from the start.
_RULES = (
    "reports/model/*.py",
    "reports/rules/*.py",
    "reports/facts/*.py",
    "reports/query/**/*.py",
    "reports/store/*.py",
)
_MANIFEST = "manifest.json"
_READERS_END_WITHIN = 3600.0  # seconds
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
            return all(_checksum(self.folder / file.name) == file.checksum for file in self.files)
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


@dataclass(frozen=True)
class DayFiles:
    """The place of the day files of one kind of row, for one account."""

    root: Path
    schema: Schema

    @property
    def folder(self) -> Path:
        """The folder of the files."""
        columns = [f"{name}:{kind!r}" for name, kind in self.schema.items()]
        return self.root / sha256("\n".join([_rules(), pl.__version__, *columns]).encode()).hexdigest()[:16]

    @property
    def other_versions(self) -> list[Path]:
        """The folders of files that another version of calltally wrote."""
        with suppress(OSError):
            return [path for path in self.root.iterdir() if path.is_dir() and path != self.folder]
        return []

    def open(self) -> OpenedDays | None:
        """The files that count now; None without a readable manifest."""
        manifest = self.folder / _MANIFEST
        try:
            content = json.loads(manifest.read_bytes())
            files = [_day_file(**entry) for entry in content["files"]]
            edition = _edition(**content["edition"])
            left = {str(name): float(at) for name, at in content["left"].items()}
            updated_at = datetime.fromtimestamp(manifest.stat().st_mtime, UTC)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return OpenedDays(self.folder, self.schema, edition, files, updated_at, left)

    def write(self, span: Span, rows: pl.DataFrame) -> DayFile:
        """Write a file; it counts once a manifest names it. Raises OSError."""
        name = f"{span.first}-{uuid4()}.arrow"
        path = self.folder / name
        try:
            with disk_errors(path):
                self._make_folders()
                # New texts, for a file holds all the memory that its texts lie in: also those of rows left out.
                texts = [
                    pl.format("{}", column).alias(column) for column, kind in self.schema.items() if kind == pl.String
                ]
                rows.select(*self.schema).with_columns(*texts).write_ipc(path, compression="uncompressed")
                flush(path)
                status = path.stat()
                return DayFile(span, name, rows.height, status.st_size, status.st_mtime_ns, _checksum(path))
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise

    def write_piece(self, rows: pl.DataFrame) -> Path:
        """Write rows that become part of files. A piece never counts; its writer deletes it. Raises OSError."""
        path = self.folder / f"piece-{uuid4()}.arrow"
        with disk_errors(path):
            self._make_folders()
            rows.select(*self.schema).write_ipc(path, compression="uncompressed")
        return path

    def _make_folders(self) -> None:
        make_folder(self.root)
        make_folder(self.folder)

    def commit(self, edition: Edition, files: Iterable[DayFile]) -> None:
        """Let these files count, and no others. Raises OSError."""
        listed = {file.name: _entry(file) for file in files}
        known = {**asdict(edition), "moment": edition.moment.isoformat()}
        content = {"edition": known, "files": list(listed.values()), "left": self._left(listed)}
        draft = self.folder / f"{_MANIFEST}.{uuid4()}"
        try:
            with disk_errors(draft):
                self._make_folders()
                draft.write_text(json.dumps(content))
                flush(draft)
                flush(self.folder)
                manifest = self.folder / _MANIFEST
                if manifest.is_dir():
                    remove(manifest)
                draft.replace(manifest)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise
        flush(self.folder)

    def _left(self, names: Collection[str]) -> dict[str, float]:
        """The files that do not count any more, with the time they left; those that are still there."""
        opened = self.open()
        if opened is None:
            return {}
        now = time.time()
        left = {**{file.name: now for file in opened.files}, **opened.left}
        return {name: at for name, at in left.items() if name not in names and (self.folder / name).exists()}

    def clear(self, *, at_once: bool) -> None:
        """Delete files that no longer count, those of other versions included. Nobody else may be writing files.

        at_once: also files that readers may still use. Others stay for them a while, except those of a sync that died.
        """
        opened = self.open()
        since = time.time() - (0 if at_once else _READERS_END_WITHIN)
        used = {file.name for file in opened.files} if opened else set[str]()
        used |= {name for name, at in opened.left.items() if at > since} if opened else set()
        for path in self.other_versions:
            shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in {*used, _MANIFEST}:
                remove(path)


@cache
def _rules() -> str:
    """Identifies the rules by which this calltally makes rows."""
    home = Path(__file__).parents[2]
    files = [path for pattern in (*_RULES, "sql/fact_rows/*.sql") for path in sorted(home.glob(pattern))]
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def broken_of(files: Iterable[OpenedDays], *, by_content: bool = False) -> list[OpenedDays]:
    """Which files are not as they were written. by_content: compare checksums, too."""
    return [days for days in files if not (days.is_intact and (not by_content or days.is_unchanged))]


def _day_file(first: str, last: str, name: str, **numbers: int) -> DayFile:
    """A file as a manifest names it. Raises ValueError and TypeError."""
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    return DayFile(span, str(name), **{part: int(number) for part, number in numbers.items()})


def _entry(file: DayFile) -> dict[str, str | int]:
    """A file as a manifest names it."""
    first, last = file.span.first.isoformat(), file.span.last.isoformat()
    numbers = {"rows": file.rows, "size": file.size, "written_ns": file.written_ns, "checksum": file.checksum}
    return {"first": first, "last": last, "name": file.name, **numbers}


def _edition(
    ledger: str, watermark: int, meanings: dict[str, str], readings: dict[str, dict[str, str]], moment: str
) -> Edition:
    """The edition that a manifest names. Raises ValueError, TypeError and AttributeError."""
    counts_as = {str(dimension): _texts(codes) for dimension, codes in readings.items()}
    return Edition(str(ledger), int(watermark), _texts(meanings), counts_as, datetime.fromisoformat(moment))


def _texts(codes: dict[str, str]) -> dict[str, str]:
    return {str(code): str(means) for code, means in codes.items()}


def _is_as_written(path: str, file: DayFile) -> bool:
    status = os.stat(path)  # noqa: PTH116  see is_intact
    return (status.st_size, status.st_mtime_ns) == (file.size, file.written_ns)


def _checksum(path: Path) -> int:
    """The checksum of a file. Raises OSError."""
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            checksum = zlib.crc32(block, checksum)
    return checksum
