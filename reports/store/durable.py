"""Files that outlive a loss of power: what a file holds, and its name in its folder, are on the disk."""

import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path


class UnwritableError(OSError):
    """A file cannot be written: the disk is full, or the folder is not ours."""


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk. A power failure then loses nothing of it.

    A file that another process deletes meanwhile needs no flush.
    """
    with suppress(FileNotFoundError):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def make_folder(path: Path) -> None:
    """Make a folder and those above it; a file in place of the folder goes. Raises OSError."""
    if not path.is_dir():
        path.unlink(missing_ok=True)
        path.mkdir(parents=True, exist_ok=True)


def remove(path: Path) -> None:
    """Delete a file, or a folder with its content, unless it is gone. Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def disk_errors(path: Path) -> Generator[None]:
    """Raise errors of the disk as UnwritableError, with the file. Polars has their number in the text only."""
    try:
        yield
    except OSError as error:
        number = re.search(r"os error (\d+)", str(error))
        code = error.errno or (int(number[1]) if number else None)
        if code is None:
            raise UnwritableError(str(error)) from error
        raise UnwritableError(code, os.strerror(code), error.filename or str(path)) from error
