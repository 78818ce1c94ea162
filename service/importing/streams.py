"""A file as a stream of text, whether it is compressed or not, with how far it has been read."""

import gzip
import io
import os
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from service.config import SetupError

_GZIP = b"\x1f\x8b"
_NOT_TEXT = {
    b"PAR1": 'is a Parquet file: say format = "parquet" under [file], or give it the ending .parquet',
    b"PK\x03\x04": "is a spreadsheet or an archive: save it as CSV first",
}


@dataclass(frozen=True)
class Stream:
    """The lines of a file, and the bytes of it that they come from."""

    path: Path
    bytes: IO[bytes]
    text: io.TextIOWrapper

    @property
    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1; of a compressed one, of what is stored."""
        size = os.fstat(self.bytes.fileno()).st_size
        return self.bytes.tell() / size if size else 1.0

    def lines(self, count: int) -> list[str]:
        """The next lines with their ends, fewer at the end of the file. Raises SetupError."""
        try:
            return list(islice(self.text, count))
        except (EOFError, OSError, zlib.error):
            raise SetupError(f"{self.path} is damaged: it cannot be read to its end") from None


@contextmanager
def open_stream(path: Path, encoding: str) -> Generator[Stream]:
    """A file as text. What is not of this encoding stays as it is, for the row that holds it to be rejected."""
    with path.open("rb", buffering=0) as raw:
        start = raw.read(4)
        raw.seek(0)
        if start in _NOT_TEXT:
            raise SetupError(f"{path} {_NOT_TEXT[start]}")
        plain = gzip.GzipFile(fileobj=raw) if start.startswith(_GZIP) else io.BufferedReader(raw, 1 << 20)
        with io.TextIOWrapper(plain, encoding, errors="surrogateescape", newline="") as text:  # pyright: ignore[reportArgumentType]
            yield Stream(path, raw, text)


def is_unicode(text: str) -> bool:
    """Whether a text can be written down: not when bytes of another encoding were read into it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
