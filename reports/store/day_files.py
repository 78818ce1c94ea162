"""Day files: rows made of the ledger, in one file for each day, mapped into memory by whoever reads them.

They are a cache on the disk of this machine: fast to read, and disposable. A manifest names the files that count, and
what they know. It is replaced in one step, so a reader finds all files of before or all of after, whatever dies in the
middle. Files that no manifest names are deleted a while later, when no reader uses them.

The folder's name holds the columns and the version of the engine: files of another calltally count as none.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import polars as pl

from reports.model.types import Schema
from reports.store.durable import flush
from reports.store.ledger import LedgerState

# Another one makes all files be written from the start.
_FORMAT = "1"
_MANIFEST = "manifest.json"
_READERS_END_WITHIN = 3600.0  # seconds


@dataclass(frozen=True)
class Edition:
    """What files know: the rows of a ledger, up to a watermark, as codes of these meanings decide them.

    moment: when they were made; what is dated later had not happened for them.
    """

    ledger: str
    watermark: int
    meanings: str
    moment: datetime


@dataclass(frozen=True)
class DayFile:
    """The file of one day: its name, its number of rows and its size."""

    day: date
    name: str
    rows: int
    size: int


@dataclass(frozen=True, eq=False)
class OpenedDays:
    """The files that counted when they were opened, and what they know."""

    folder: Path
    schema: Schema
    edition: Edition
    files: Mapping[date, DayFile]

    @property
    def address(self) -> str:
        """The address of the files."""
        return str(self.folder)

    @property
    def rows(self) -> int:
        """The number of rows in all files."""
        return sum(file.rows for file in self.files.values())

    @property
    def is_intact(self) -> bool:
        """Whether all files are there. It looks at their sizes, and opens none."""
        try:
            return all((self.folder / file.name).stat().st_size == file.size for file in self.files.values())
        except OSError:
            return False

    def is_for(self, owner: LedgerState, meanings: str) -> bool:
        """Whether the files can serve a snapshot. Files with later transactions predate a restore of the ledger."""
        edition = self.edition
        same = (edition.ledger, edition.meanings) == (owner.ledger_id, meanings)
        return same and 0 < edition.watermark <= owner.watermark

    def scan(self, days: Collection[date] | None = None) -> pl.LazyFrame:
        """The rows of some days, or of all."""
        chosen = [file for day, file in self.files.items() if file.rows and (days is None or day in days)]
        if not chosen:
            return pl.LazyFrame(schema=self.schema)
        return pl.scan_ipc([self.folder / file.name for file in chosen])


@dataclass(frozen=True)
class DayFiles:
    """The place of the day files of one kind of row, for one account."""

    root: Path
    schema: Schema

    @property
    def folder(self) -> Path:
        """The folder of the files."""
        columns = [f"{name}:{kind!r}" for name, kind in self.schema.items()]
        return self.root / sha256("\n".join([_FORMAT, pl.__version__, *columns]).encode()).hexdigest()[:16]

    def open(self) -> OpenedDays | None:
        """The files that count now; None without a readable manifest."""
        try:
            content = json.loads((self.folder / _MANIFEST).read_bytes())
            files = [DayFile(**{**file, "day": date.fromisoformat(file["day"])}) for file in content["files"]]
            edition = Edition(**{**content["edition"], "moment": datetime.fromisoformat(content["edition"]["moment"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return OpenedDays(self.folder, self.schema, edition, {file.day: file for file in files})

    @contextmanager
    def alone(self) -> Generator[bool]:
        """Keep other processes from writing until the block ends. False if one is already writing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def write(self, day: date, rows: pl.DataFrame) -> DayFile:
        """Write a file; it counts once a manifest names it. Raises OSError."""
        name = f"{day}-{uuid4()}.arrow"
        path = self.folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            rows.select(*self.schema).write_ipc(path, compression="uncompressed")
            flush(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return DayFile(day, name, rows.height, path.stat().st_size)

    def commit(self, edition: Edition, files: Iterable[DayFile]) -> None:
        """Let these files count, and no others."""
        listed = [{**asdict(file), "day": file.day.isoformat()} for file in files]
        known = {**asdict(edition), "moment": edition.moment.isoformat()}
        before = self.open()
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{_MANIFEST}.{uuid4()}"
        try:
            for file in before.files.values() if before else ():
                with suppress(FileNotFoundError):
                    os.utime(self.folder / file.name)  # from now on, it may have left
            draft.write_text(json.dumps({"edition": known, "files": listed}))
            flush(draft)
            flush(self.folder)
            draft.replace(self.folder / _MANIFEST)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        flush(self.folder)

    def clear(self, *, at_once: bool) -> None:
        """Delete files that no longer count, those of other versions included. at_once: even if a reader uses them."""
        if not self.folder.is_dir():
            return
        opened = self.open()
        named = {file.name for file in opened.files.values()} if opened else set[str]()
        for path in self.root.iterdir():
            if path.is_dir() and path != self.folder:
                shutil.rmtree(path, ignore_errors=True)
        since = time.time() - (0 if at_once else _READERS_END_WITHIN)
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                if path.name not in {*named, _MANIFEST} and path.stat().st_mtime <= since:
                    path.unlink()
