"""Inputs: the file behind a name, a pipe or an archive, as a file on disk that can be read twice."""

import shutil
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from service.config import SetupError
from service.importing.reading.archives import is_workbook, member_name
from service.importing.reading.file_kinds import GZIP, ZIP, kind_of
from service.importing.reading.streams import damage_named, open_bytes, read_head

STDIN = "-"
_HEAD = 65_536
_BLOCK = 1 << 20
_LARGEST_UNPACKED = 4 << 30


@contextmanager
def file_on_disk(name: Path) -> Generator[Path]:
    """The file itself, or a temporary copy of what comes through a pipe or out of an archive. Raises SetupError.

    Text in an archive needs no copy, as it is read like text anywhere. A SetupError names the file itself, not a copy.
    """
    with TemporaryDirectory(prefix="calltally-import-") as folder:
        try:
            path = _copied(name, Path(folder) / "stdin") if is_piped(name) else name
            yield _unpacked(path, Path(folder))
        except SetupError as error:
            raise SetupError(str(error).replace(f"{folder}/stdin", "stdin").replace(folder, str(name))) from None


def _copied(name: Path, copy: Path) -> Path:
    """A copy of what comes through a pipe."""
    with _readable(name), _piped(name) as source, copy.open("wb") as file:
        shutil.copyfileobj(source, file, _BLOCK)
    return copy


def is_piped(name: Path) -> bool:
    """Whether a name stands for a stream that can be read only once: standard input, a pipe, a device."""
    return str(name) == STDIN or (name.exists() and not stat.S_ISREG(name.stat().st_mode) and not name.is_dir())


def _piped(name: Path) -> IO[bytes]:
    return sys.stdin.buffer if str(name) == STDIN else name.open("rb")


@contextmanager
def _readable(name: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise SetupError(f"{name} cannot be read ({error.strerror})") from None


def _unpacked(path: Path, folder: Path) -> Path:
    """The file, or a copy of the spreadsheet or the Parquet file in an archive: these cannot be read in a stream."""
    with _readable(path):
        inner = _inner_name(path)
    if inner is None or kind_of(path, read_head(path, _HEAD)) == "text":
        return path
    copy = folder / PurePosixPath(inner).name
    with damage_named(path), open_bytes(path) as (_, plain), copy.open("wb") as unpacked:
        while block := plain.read(_BLOCK):
            unpacked.write(block)
            if unpacked.tell() > _LARGEST_UNPACKED:
                raise SetupError(f"{path} unpacks to more than {_LARGEST_UNPACKED >> 30} GB: unpack it first")
    return copy


def _inner_name(path: Path) -> str | None:
    """The name of the file in an archive; None if it is no archive."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith(GZIP):
            return path.stem
        return member_name(path, file) if start == ZIP and not is_workbook(path, file) else None
