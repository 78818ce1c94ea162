"""The shape of a file: how it is written, by what a person chose and else by what its first rows show."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, TypeAlias

import polars as pl

from service.config import SetupError
from service.importing.guess.header import HeadRow, guess_header, head_rows, with_header
from service.importing.language.options import FileOptions
from service.importing.reading.file_kinds import kind_of
from service.importing.reading.found_format import found_format
from service.importing.reading.open_file import column_names, open_columns
from service.importing.reading.streams import read_head
from service.importing.reading.typed_cells import as_cells
from service.importing.reading.workbook import first_rows, sheet_names

DateOrder: TypeAlias = Literal["day", "month"]

SAMPLE_ROWS = 500
# A page to match more columns would be no help to anybody.
MOST_COLUMNS = 500
_SHEET_ROWS = 50
_HEAD = 262_144
_NO_FRACTION = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.0+$")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?!\d)")
_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}|[-+]?\d+,\d{4,}")
_POINT = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{1,2}|[-+]?\d+\.\d{4,}")


_DAY_ALONE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_CLOCK_ALONE = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: [AaPp][Mm])?")
_LENGTHS = re.compile(r"talk|durat|ring|hold|wait|wrap|length|handl|bill|connect")


@dataclass(frozen=True)
class FileShape:
    """How a file is written, and its first rows.

    options: as a mapping states them. sheets: of a workbook. header_line: where the column names stand; 0: nowhere.
    head: the first lines with their numbers, to choose the header from. typed: columns whose cells are dates already.
    samples: the cells of the first rows as texts, by column.
    """

    options: FileOptions
    columns: Sequence[str]
    sheets: Sequence[str]
    header_line: int
    head: Sequence[tuple[int, str]] = field(repr=False)
    date_order: DateOrder
    is_order_certain: bool
    typed: Mapping[str, str]
    samples: Mapping[str, Sequence[str]] = field(repr=False)

    @property
    def joined(self) -> dict[str, tuple[str, str]]:
        """Columns with days that a column with times of the day belongs to: Date + Time."""
        days = [name for name in self.columns if _all(self.samples[name], _DAY_ALONE)]
        pairs: dict[str, tuple[str, str]] = {}
        for clock in [name for name in self.columns if _is_clock(name) and _all(self.samples[name], _CLOCK_ALONE)]:
            place = list(self.columns).index(clock)
            before = [name for name in days if list(self.columns).index(name) < place]
            if day := next(iter([*reversed(before), *days]), None):
                pairs[f"{day} + {clock}"] = (day, clock)
        return pairs

    def texts(self, column: str) -> Sequence[str]:
        """The first cells of a column, or of two joined ones, as texts."""
        if column not in self.joined:
            return self.samples.get(column, ())
        parts = zip(*(self.samples[name] for name in self.joined[column]), strict=True)
        return [" ".join(cells) if all(cells) else "" for cells in parts]

    def rows(self, count: int) -> list[list[str]]:
        """The first rows as texts, a cell for each column."""
        columns = [self.samples[name][:count] for name in self.columns]
        return [list(row) for row in zip_longest(*columns, fillvalue="")]


def shape_of(path: Path, choices: Mapping[str, str], usual_order: DateOrder) -> FileShape:
    """The shape of a file. Raises SetupError if it holds no table that can be read.

    choices: what a person chose of sheet, encoding, delimiter, header, decimal and date_order; what is missing or empty
    is guessed. usual_order: the order of day and month where the file leaves both possible.
    """
    options, _ = found_format(_stated(path, choices), path, (), choices.get("sheet") or None)
    if options.format == "xlsx" and not choices.get("sheet"):
        options = options.model_copy(update={"sheet": _likely_sheet(path)})
    if options.format in {"csv", "xlsx"}:
        head = head_rows(path, options)
        header = _header(head, choices.get("header", ""))
        options = with_header(options, head, header)
    else:
        head, header = [], None
    columns = [name for name in column_names(path, options) if name]
    if not columns:
        raise SetupError(f"{path} has no row with column names")
    if len(columns) > MOST_COLUMNS:
        raise SetupError(f"{path} has {len(columns):,} columns: keep at most {MOST_COLUMNS}, those that you import")
    samples, typed = _sample(path, options, columns)
    texts = [text for name in columns if name not in typed for text in samples[name]]
    decimal = choices.get("decimal") or _guess_decimal(texts)
    order, is_certain = _order(texts, choices.get("date_order", ""), usual_order)
    return FileShape(
        options.model_copy(update={"decimal": decimal}),
        columns,
        sheet_names(path) if options.format == "xlsx" else (),
        header.before + 1 if header else 0,
        [(row.before + 1, " · ".join(cell for cell in row.cells if cell)[:120]) for row in head[:20]],
        order,
        is_certain,
        typed,
        samples,
    )


def _likely_sheet(path: Path) -> str | None:
    """The first sheet with a table, where the first of all holds notes; None for the first of all."""
    names = sheet_names(path)
    tables = (name for name in names if _holds_table(first_rows(path, name, _SHEET_ROWS)))
    likely = next(tables, None)
    return likely if likely != names[0] else None


def _holds_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether at least two rows have several cells: names of columns, and values."""
    return sum(sum(bool(cell.strip()) for cell in row) > 1 for row in rows) > 1


def _all(texts: Sequence[str], form: re.Pattern[str]) -> bool:
    """Whether every cell that holds anything has this form, and some do."""
    present = [text for text in texts if text]
    return bool(present) and all(form.fullmatch(text) for text in present)


def _is_clock(name: str) -> bool:
    """Whether a column may hold times of the day, and not lengths of time."""
    return "time" in name.lower() and not _LENGTHS.search(name.lower())


def _stated(path: Path, choices: Mapping[str, str]) -> FileOptions:
    """The options that a person chose, and the encoding of Windows where the text is no UTF-8."""
    stated = {name: choices[name] for name in ("encoding", "delimiter", "sheet") if choices.get(name)}
    head = read_head(path, _HEAD)
    if "encoding" not in stated and kind_of(path, head) == "text" and not _is_utf8(head):
        stated["encoding"] = "windows-1252"
    return FileOptions.model_validate(stated)


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # the last character may be cut
    return True


def _header(head: Sequence[HeadRow], chosen: str) -> HeadRow | None:
    if not chosen:
        return guess_header(head)
    return next((row for row in head if str(row.before + 1) == chosen), None)


def _sample(path: Path, options: FileOptions, columns: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The first cells of each column as texts, and the columns with dates or times of their own."""
    with open_columns(path, options, columns) as source:
        chunk = next(source.chunks(SAMPLE_ROWS), None)
    cells = pl.DataFrame() if chunk is None else chunk.cells
    typed = {name: "day" if kind == pl.Date else "time" for name, kind in cells.schema.items() if kind.is_temporal()}
    typed |= {name: "duration" for name, kind in cells.schema.items() if kind == pl.Duration}
    samples = {name: _texts(as_cells(cells[name])) if name in cells.columns else [] for name in columns}
    return samples, typed


def _texts(cells: pl.Series) -> list[str]:
    texts: list[Any] = cells.cast(pl.String).to_list() if cells.dtype != pl.Duration else cells.to_list()
    return ["" if text is None else _shown(str(text).strip()) for text in texts]


def _shown(text: str) -> str:
    """A cell as text: without bytes that are no text, and a typed time without empty fractions."""
    return _NO_FRACTION.sub(r"\1", text).encode(errors="replace").decode()


def _guess_decimal(texts: Iterable[str]) -> str:
    """The mark before decimals: a comma if more cells have decimals behind a comma than behind a point."""
    commas = points = 0
    for text in texts:
        commas += _COMMA.fullmatch(text) is not None
        points += _POINT.fullmatch(text) is not None
    return "," if commas > points else "."


def _order(texts: Iterable[str], chosen: str, usual: DateOrder) -> tuple[DateOrder, bool]:
    """The order of day and month, and whether it is certain: the file shows it, needs none, or a person chose it."""
    if chosen in {"day", "month"}:
        return ("day" if chosen == "day" else "month"), True
    dates = [match for text in texts if (match := _DATE.match(text))]
    days = sum(int(match[1]) > 12 for match in dates)
    months = sum(int(match[2]) > 12 for match in dates)
    if days == months:
        return usual, not dates
    return ("day" if days > months else "month"), True
