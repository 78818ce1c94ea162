"""The file of the rows that were not taken: where they stand, what is wrong with them, and the rows themselves.

It has the columns of the imported file behind its own, so that it can be put right and imported with the same mapping.
"""

import csv
import io
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from service.config import SetupError
from service.errors import Fault
from service.importing.chunks import FileRow
from service.importing.mapping import FileMapping
from service.importing.prepare import Prepared
from service.importing.row_validation import Refusal

_OWN = ("rejected_line", "rejected_field", "rejected_reason")
_TEXT = "row"  # the column of a row that could not be cut into columns
_JSON_ENDINGS = (".jsonl", ".ndjson")
_ENDINGS = (".gz", ".csv", ".tsv", ".txt", ".parquet", *_JSON_ENDINGS)


def default_path(path: Path, mapping: FileMapping, *, dry_run: bool) -> Path:
    """Beside the file, under its name: calls.rejected.csv for calls.csv.gz.

    A dry run has a file of its own: that of an interrupted import is needed when it goes on.
    """
    name = path.name
    while Path(name).suffix.lower() in _ENDINGS:
        name = Path(name).stem
    ending = "jsonl" if mapping.file.format == "jsonl" else "csv"
    return path.with_name(f"{name}.{'dry-run.' if dry_run else ''}rejected.{ending}")


class CsvRecords:
    """Rejected rows as delimited text, written as the imported file is."""

    def __init__(self, columns: Sequence[str], mapping: FileMapping) -> None:
        self._columns = [name for name in columns or [_TEXT] if name not in _OWN]
        self._delimiter = mapping.file.delimiter
        # An encoding whose every text begins with a mark cannot be appended to.
        marked = mapping.file.encoding.startswith(("utf-16", "utf-32", "utf-8"))
        self._encoding = "utf-8" if marked else mapping.file.encoding

    @property
    def header(self) -> bytes:
        """The first line."""
        return self._line([*_OWN, *self._columns])

    def record(self, line: int, fields: Sequence[str], reason: str, row: FileRow) -> bytes:
        """One rejected row."""
        cells = [row] if isinstance(row, str) else [_cell(value) for name, value in row.items() if name not in _OWN]
        if isinstance(row, dict) and self._columns == [_TEXT]:
            cells = [_json(row).decode()]
        return self._line([str(line), ", ".join(fields), reason, *cells])

    def _line(self, cells: Sequence[str]) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=self._delimiter, lineterminator="\n").writerow(cells)
        return text.getvalue().encode(self._encoding, "surrogateescape")

    def ends(self, file: IO[bytes]) -> Iterator[tuple[int, int]]:
        """The line of each record of a file, with the place where the record ends."""
        feed = _Feed(file)
        lines = (line.decode(self._encoding, "surrogateescape") for line in feed)
        rows = csv.reader(lines, delimiter=self._delimiter)
        next(rows, None)
        for row in rows:
            yield _number(row[0] if row else ""), feed.end


class JsonRecords:
    """Rejected rows as JSON lines: the row as it was, and `rejected` with its line, its fields and the reason."""

    header = b""

    def record(self, line: int, fields: Sequence[str], reason: str, row: FileRow) -> bytes:
        """One rejected row."""
        given = {_TEXT: row} if isinstance(row, str) else row
        return _json(given | {"rejected": {"line": line, "fields": fields, "reason": reason}}) + b"\n"

    def ends(self, file: IO[bytes]) -> Iterator[tuple[int, int]]:
        """The line of each record of a file, with the place where the record ends."""
        feed = _Feed(file)
        for line in feed:
            try:
                yield int(orjson.loads(line)["rejected"]["line"]), feed.end
            except (ValueError, KeyError, TypeError):
                return


class _Feed:
    """The lines of a file, with the place where the last one ended."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.end = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._file:
            self.end += len(line)
            yield line


class Rejects:
    """Writes the rejected rows of one run, chunk by chunk, none of them twice."""

    def __init__(self, path: Path, mapping: FileMapping, columns: Sequence[str], kept: int) -> None:
        """Columns: of the imported file; kept: how many rows earlier processes of this run have rejected."""
        self.path = path
        self._records = JsonRecords() if path.suffix.lower() in _JSON_ENDINGS else CsvRecords(columns, mapping)
        self._labels = {bound.path: _label(bound.path, bound.binding.reads, mapping) for bound in mapping.bound}
        self._kept = kept
        self._rows_written: int | None = None

    def append(self, prepared: Prepared) -> None:
        """Write the rejected rows of a chunk, so that they outlast a crash. A chunk that is written is left alone.

        Raises SetupError when the file cannot be written, or lacks what earlier processes have rejected.
        """
        chunk = prepared.chunk
        with _told(self.path):
            if self._rows_written is None:
                self._keep_before(chunk.lines[0])
            if self._rows_written is None or chunk.end > self._rows_written:
                self._write([self._record(prepared, refusal) for refusal in prepared.refusals])
                self._rows_written = chunk.end

    def _write(self, records: Sequence[bytes]) -> None:
        if not records:
            return
        with self.path.open("ab") as file:
            if file.tell() == 0:
                file.write(self._records.header)
            file.writelines(records)
            file.flush()
            os.fsync(file.fileno())

    def _keep_before(self, first_line: int) -> None:
        """Keep what was rejected before a line: the last process may have died with more written than taken note of."""
        count, end = self._earlier(first_line) if self._kept else (0, 0)
        if count != self._kept:
            raise SetupError(
                f"{self._kept:,} rows were rejected before this import was interrupted, and {self.path} holds {count:,}"
                " of them: name their file with --rejected, or begin anew with --restart"
            )
        if count:
            os.truncate(self.path, end)
        else:
            self.path.unlink(missing_ok=True)

    def _earlier(self, first_line: int) -> tuple[int, int]:
        """How many records there are before a line, and where the last of them ends."""
        count = end = 0
        if self.path.exists():
            with self.path.open("rb") as file:
                for line, ends in self._records.ends(file):
                    if line >= first_line:
                        break
                    count, end = count + 1, ends
        return count, end

    def _record(self, prepared: Prepared, refusal: Refusal) -> bytes:
        reasons = "; ".join(self._reason(fault) for fault in refusal.faults)
        fields = dict.fromkeys(fault.pointer for fault in refusal.faults if fault.pointer)
        chunk = prepared.chunk
        return self._records.record(chunk.lines[refusal.place], list(fields), reasons, chunk.row(refusal.place))

    def _reason(self, fault: Fault) -> str:
        """A fault in a sentence; those that speak of two fields name the one at fault themselves."""
        field = fault.pointer.partition(".")[2]
        return f"{self._labels.get(fault.pointer, field)} {fault.message.removeprefix(f'{field} ')}".strip()


@contextmanager
def _told(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise SetupError(f"{path} cannot be written ({error.strerror}): name another file with --rejected") from None


def _label(path: str, columns: Sequence[str], mapping: FileMapping) -> str:
    """A field as people know it, with the columns it came from: talk_seconds (duration)."""
    section, _, field = path.partition(".")
    name = field if section == mapping.sections[0].name else path
    return f"{name} ({', '.join(columns)})" if columns else name


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else _json(value).decode().strip('"')


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 2**63
