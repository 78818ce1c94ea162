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
import shutil
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import polars as pl

from reports.model.types import Schema
from reports.store.durable import disk_errors, flush, make_folder, remove
from reports.store.file_spans import Span
from reports.store.opened_days import DayFile, Edition, OpenedDays, checksum_of

# The code that decides what is in a row. A change of it makes all files be written from the start.
_RULES = (
    "reports/model/*.py",
    "reports/rules/**/*.py",
    "reports/facts/**/*.py",
    "reports/query/**/*.py",
    "reports/store/*.py",
)
_MANIFEST = "manifest.json"
_READERS_END_WITHIN = 900.0  # seconds


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
                return DayFile(span, name, rows.height, status.st_size, status.st_mtime_ns, checksum_of(path))
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
