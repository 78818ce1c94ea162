"""The file of rejected rows: their lines, the reasons, and the rows themselves.

After its own columns it has the columns of the imported file. So the rows can be corrected and imported with the same
mapping.
"""

import codecs
import csv
import io
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, count, takewhile
from pathlib import Path
from typing import IO, Any

import orjson

from service.config import SetupError
from service.errors import Fault
from service.importing.chunks import FileRow
from service.importing.language.mapping import FileMapping
from service.importing.prepare import PreparedChunk
from service.importing.reading.inputs import is_piped
from service.importing.reading.typed_cells import clock
from service.importing.row_validation import RejectedRow

_REJECT_COLUMNS = ("rejected_line", "rejected_field", "rejected_reason")
_TEXT = "row"  # the column of a row that could not be cut into columns
_JSON_ENDINGS = (".jsonl", ".ndjson")
_ENDINGS = (".gz", ".zip", ".xlsx", ".csv", ".tsv", ".txt", ".parquet", *_JSON_ENDINGS)


def default_path(path: Path, mapping: FileMapping, *, dry_run: bool) -> Path:
    """Next to the file, under its name: calls.rejected.csv for calls.csv.gz; for a pipe in the working folder.

    A dry run has its own file, because an interrupted import needs its file to continue.
    """
    name = "stdin" if is_piped(path) else path.name
    while Path(name).suffix.lower() in _ENDINGS:
        name = Path(name).stem
    ending = "jsonl" if mapping.file.format == "jsonl" else "csv"
    folder = Path() if is_piped(path) else path.parent
    return folder / f"{name}.{'dry-run.' if dry_run else ''}rejected.{ending}"


def free_path(path: Path, *, is_named: bool, rejected_before: int) -> Path:
    """A path that overwrites nothing: the path itself, or one with a number behind its name.

    rejected_before: rows that earlier processes of this import rejected; their file goes on. Raises SetupError if the
    path was named and a file stands there.
    """
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    taken = list(takewhile(Path.exists, chain([path], numbered)))
    if rejected_before and (is_named or taken):
        return path if is_named else taken[-1]
    free = path.with_stem(f"{path.stem}-{len(taken) + 1}") if taken else path
    if is_named and taken:
        raise SetupError(f"{path} exists already and is not overwritten: name another file, such as {free}")
    return free


class CsvRecords:
    """Rejected rows as delimited text, in the format of the imported file."""

    def __init__(self, columns: Sequence[str], mapping: FileMapping) -> None:
        self._columns = [name for name in columns or [_TEXT] if name not in _REJECT_COLUMNS]
        self._delimiter = mapping.file.delimiter
        # Two bytes for every character do not allow appending a line; a mark tells an import to read UTF-8 again.
        is_wide = mapping.file.encoding.startswith(("utf-16", "utf-32"))
        self._encoding = "utf-8" if is_wide or mapping.file.encoding.startswith("utf-8") else mapping.file.encoding
        self._mark = codecs.BOM_UTF8 if is_wide else b""

    @property
    def header(self) -> bytes:
        """The first line."""
        return self._mark + self._line([*_REJECT_COLUMNS, *self._columns])

    def record(self, line: int, fields: Sequence[str], reason: str, row: FileRow) -> bytes:
        """One rejected row."""
        if isinstance(row, str):
            cells = [row]
        elif self._columns == [_TEXT]:
            cells = [_json(row).decode()]
        else:
            cells = [_cell(value) for name, value in row.items() if name not in _REJECT_COLUMNS]
        return self._line([str(line), ", ".join(fields), reason, *cells])

    def _line(self, cells: Sequence[str]) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=self._delimiter, lineterminator="\n").writerow(cells)
        return text.getvalue().encode(self._encoding, "surrogateescape")

    def ends(self, file: IO[bytes]) -> Iterator[tuple[int, int]]:
        """The line of each record of a file, with the position where the record ends."""
        feed = _Feed(file)
        lines = (line.decode(self._encoding, "surrogateescape") for line in feed)
        rows = csv.reader(lines, delimiter=self._delimiter)
        next(rows, None)
        for row in rows:
            yield _number(row[0] if row else ""), feed.end


class JsonRecords:
    """Rejected rows as JSON lines: the original row, and `rejected` with its line, its fields and the reason."""

    header = b""

    def record(self, line: int, fields: Sequence[str], reason: str, row: FileRow) -> bytes:
        """One rejected row."""
        document = {_TEXT: row} if isinstance(row, str) else row
        return _json(document | {"rejected": {"line": line, "fields": fields, "reason": reason}}) + b"\n"

    def ends(self, file: IO[bytes]) -> Iterator[tuple[int, int]]:
        """The line of each record of a file, with the position where the record ends."""
        feed = _Feed(file)
        for line in feed:
            try:
                yield int(orjson.loads(line)["rejected"]["line"]), feed.end
            except (ValueError, KeyError, TypeError):
                return


class _Feed:
    """The lines of a file, with the position where the last one ended."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.end = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._file:
            self.end += len(line)
            yield line


class Rejects:
    """Writes the rejected rows of one run, chunk by chunk, none of them twice."""

    def __init__(self, path: Path, mapping: FileMapping, columns: Sequence[str], rejected_before: int) -> None:
        """Columns: of the imported file; rejected_before: rows that earlier processes of this run rejected."""
        self.path = path
        self._records = JsonRecords() if path.suffix.lower() in _JSON_ENDINGS else CsvRecords(columns, mapping)
        self._labels = {
            mapped.path: _label(mapped.path, mapped.rule.columns_read, mapping) for mapped in mapping.all_fields
        }
        self._rejected_before = rejected_before
        self._rows_written: int | None = None

    def append(self, prepared: PreparedChunk) -> None:
        """Write the rejected rows of a chunk so that they survive a crash. A chunk that is already written is skipped.

        Raises SetupError if the file cannot be written, or lacks rows that earlier processes rejected.
        """
        chunk = prepared.chunk
        with _write_errors(self.path):
            if self._rows_written is None:
                self._truncate_after(chunk.lines[0])
            if self._rows_written is None or chunk.end > self._rows_written:
                self._write([self._record(prepared, rejected) for rejected in prepared.rejected])
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

    def _truncate_after(self, first_line: int) -> None:
        """Keep only records before a line: the last process may have written more than it recorded before it died."""
        count, end = self._earlier(first_line) if self._rejected_before else (0, 0)
        if count != self._rejected_before:
            raise SetupError(
                f"{self._rejected_before:,} rows were rejected before this import was interrupted, and {self.path}"
                f" holds {count:,} of them: name their file with --rejected, or start over with --restart"
            )
        if count:
            os.truncate(self.path, end)
        else:
            self.path.unlink(missing_ok=True)

    def _earlier(self, first_line: int) -> tuple[int, int]:
        """The number of records before a line, and the position where the last of them ends."""
        count = end = 0
        if self.path.exists():
            with self.path.open("rb") as file:
                for line, ends in self._records.ends(file):
                    if line >= first_line:
                        break
                    count, end = count + 1, ends
        return count, end

    def _record(self, prepared: PreparedChunk, rejected: RejectedRow) -> bytes:
        reasons = "; ".join(self._reason(fault) for fault in rejected.faults)
        fields = dict.fromkeys(fault.pointer for fault in rejected.faults if fault.pointer)
        chunk = prepared.chunk
        return self._records.record(chunk.lines[rejected.place], list(fields), reasons, chunk.row(rejected.place))

    def _reason(self, fault: Fault) -> str:
        """A fault in a sentence; a fault about two fields names its own field."""
        field = fault.pointer.partition(".")[2]
        return f"{self._labels.get(fault.pointer, field)} {fault.message.removeprefix(f'{field} ')}".strip()


@contextmanager
def _write_errors(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise SetupError(f"{path} cannot be written ({error.strerror}): name another file with --rejected") from None


def _label(path: str, columns: Sequence[str], mapping: FileMapping) -> str:
    """A field's name with its columns: talk_seconds (duration)."""
    section, _, field = path.partition(".")
    name = field if section == mapping.sections[0].name else path
    return f"{name} ({', '.join(columns)})" if columns else name


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, timedelta):
        return clock(value)
    return "" if value is None else value if isinstance(value, str) else _json(value).decode().strip('"')


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 2**63
