"""A file as a stream of text, compressed or not, with the share that has been read."""

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from service.config import SetupError
from service.importing.reading.archives import is_workbook, member_of
from service.importing.reading.file_kinds import GZIP, ZIP

# A line beyond this is no line of a table: a damaged file, or an archive made to fill the memory.
_LONGEST_LINE = 32 << 20
# Lines taken together, and their characters: a block of long lines ends early, so that memory stays small.
_TOGETHER = 64
_LARGEST_BLOCK = 16 << 20


@dataclass
class Stream:
    """The lines of a file, and the bytes they come from.

    returned: lines that were read ahead, and are read again.
    """

    path: Path
    bytes: IO[bytes]
    text: io.TextIOWrapper
    returned: list[str] = field(default_factory=list[str])

    @property
    def share_read(self) -> float:
        """The share of the file that has been read, from 0 to 1; for a compressed file, of its compressed size."""
        size = os.fstat(self.bytes.fileno()).st_size
        return min(self.bytes.tell() / size, 1.0) if size else 1.0

    def lines(self, count: int) -> list[str]:
        """The next lines with their line ends, fewer if they are long or at the end of the file. Raises SetupError."""
        taken, self.returned = self.returned[:count], self.returned[count:]
        length = sum(map(len, taken))
        with damage_named(self.path):
            while len(taken) < count and length < _LARGEST_BLOCK:
                more = list(islice(self.text, min(_TOGETHER, count - len(taken))))
                if not more:
                    break
                taken += more
                length += sum(map(len, more))
        return taken


class _BoundedLines(io.BufferedIOBase):
    """The bytes of a file, as long as its lines are not endless."""

    def __init__(self, inner: Any, path: Path) -> None:
        self._inner = inner
        self._path = path
        self._open_line = 0

    def readable(self) -> bool:
        """It is only read."""
        return True

    def read1(self, size: int = -1, /) -> bytes:
        """The next bytes. Raises SetupError if a line is longer than any table's."""
        content: bytes = self._inner.read1(size)
        end = max(content.rfind(b"\n"), content.rfind(b"\r"))
        self._open_line = len(content) - end - 1 if end >= 0 else self._open_line + len(content)
        if self._open_line > _LONGEST_LINE:
            raise SetupError(f"{self._path} has a line of more than {_LONGEST_LINE >> 20} MB: it is no table of rows")
        return content


@contextmanager
def open_stream(path: Path, encoding: str) -> Generator[Stream]:
    """A file as text. Bytes outside the encoding stay as they are, so that only their row is rejected."""
    with open_bytes(path) as (raw, plain):
        bounded: Any = _BoundedLines(plain, path)
        with io.TextIOWrapper(bounded, encoding, errors="surrogateescape", newline="") as text:
            yield Stream(path, raw, text)


@contextmanager
def open_bytes(path: Path) -> Generator[tuple[IO[bytes], IO[bytes]]]:
    """A file's own bytes, and its content: unpacked if it is compressed. Raises SetupError."""
    with path.open("rb", buffering=0) as raw:
        start = raw.read(4)
        raw.seek(0)
        if start.startswith(GZIP):
            plain: Any = gzip.GzipFile(fileobj=raw)
        elif start == ZIP and not is_workbook(path, raw):
            plain = member_of(path, raw)
        else:
            plain = io.BufferedReader(raw, 1 << 20)
        with plain:
            yield raw, plain


def read_head(path: Path, size: int) -> bytes:
    """The first bytes of a file's content."""
    with damage_named(path), open_bytes(path) as (_, plain):
        return plain.read(size)


@contextmanager
def damage_named(path: Path) -> Generator[None]:
    """Damage in a file as one sentence."""
    try:
        yield
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile):
        raise SetupError(f"{path} is damaged: it cannot be read to its end") from None
    except UnicodeError as error:
        name = getattr(error, "encoding", "its encoding")
        raise SetupError(f"{path} is not text in {name}: set the right encoding under [file]") from None


def is_unicode(text: str) -> bool:
    """Whether a text can be encoded, which fails if bytes of another encoding were read into it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
