"""A file as a stream of text, compressed or not, with the share that has been read."""

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
    b"PAR1": 'is a Parquet file: set format = "parquet" under [file], or give it the ending .parquet',
    b"PK\x03\x04": "is a spreadsheet or an archive: save it as CSV first",
}


@dataclass(frozen=True)
class Stream:
    """The lines of a file, and the bytes they come from."""

    path: Path
    bytes: IO[bytes]
    text: io.TextIOWrapper

    @property
    def share_read(self) -> float:
        """The share of the file that has been read, from 0 to 1; for a compressed file, of its compressed size."""
        size = os.fstat(self.bytes.fileno()).st_size
        return self.bytes.tell() / size if size else 1.0

    def lines(self, count: int) -> list[str]:
        """The next lines with their line ends, fewer at the end of the file. Raises SetupError."""
        try:
            return list(islice(self.text, count))
        except (EOFError, OSError, zlib.error):
            raise SetupError(f"{self.path} is damaged: it cannot be read to its end") from None


@contextmanager
def open_stream(path: Path, encoding: str) -> Generator[Stream]:
    """A file as text. Bytes outside the encoding stay as they are, so that only their row is rejected."""
    with path.open("rb", buffering=0) as raw:
        start = raw.read(4)
        raw.seek(0)
        if start in _NOT_TEXT:
            raise SetupError(f"{path} {_NOT_TEXT[start]}")
        plain = gzip.GzipFile(fileobj=raw) if start.startswith(_GZIP) else io.BufferedReader(raw, 1 << 20)
        with io.TextIOWrapper(plain, encoding, errors="surrogateescape", newline="") as text:  # pyright: ignore[reportArgumentType]
            yield Stream(path, raw, text)


def is_unicode(text: str) -> bool:
    """Whether a text can be encoded, which fails if bytes of another encoding were read into it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
