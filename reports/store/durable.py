"""Files that outlive a loss of power: what a file holds, and its name in its folder, are on the disk."""

import os
from contextlib import suppress
from pathlib import Path


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
