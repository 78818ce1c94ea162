"""Workbooks of Excel (XLSX): one sheet, its column names in the first row that holds any."""

import logging
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import fastexcel
import polars as pl

from service.config import SetupError
from service.importing.chunks import Chunk, FileRow
from service.importing.language.options import FileOptions
from service.importing.reading.typed_cells import as_cells, without_days

# Rows before the column names: a title, an address, some blank ones.
_HEAD_ROWS = 100
_COLUMN = re.compile(r"for column (\S+)")

logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of empty columns


class WorkbookSource:
    """One sheet of a workbook. selected: the columns to read."""

    def __init__(self, path: Path, options: FileOptions, selected: Sequence[str]) -> None:
        self._path = path
        workbook = _open(path)
        name = sheet_name(path, workbook.sheet_names, options.sheet)
        self._skipped, columns = _header(workbook, name, options)
        self.columns: Sequence[str] = columns
        self._frame, self._row_numbers = self._read_rows(workbook, name)
        self._selected = [column for column in selected if column in columns]
        self._read = 0

    @property
    def share_read(self) -> float:
        """The share of its rows that have been read."""
        return self._read / len(self._frame) if len(self._frame) else 1.0

    def _read_rows(self, workbook: fastexcel.ExcelReader, name: str) -> tuple[pl.DataFrame, pl.Series]:
        """The rows that hold anything, and their numbers in the sheet."""
        if not self.columns:
            return pl.DataFrame(), pl.Series([], dtype=pl.Int64)
        frame = _typed(workbook, name, self._skipped, len(self.columns))
        numbers = pl.int_range(self._skipped + 1, self._skipped + 1 + len(frame), eager=True)
        is_row = frame.select(pl.any_horizontal(_holds_text(column) for column in frame)).to_series()
        return frame.filter(is_row), numbers.filter(is_row)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """The rows, at most size rows at a time."""
        for frame in self._frame.iter_slices(size) if len(self._frame) else ():
            start, self._read = self._read, self._read + len(frame)
            yield self._chunk(start, frame)

    def _chunk(self, start: int, frame: pl.DataFrame) -> Chunk:
        places = [self.columns.index(name) for name in self._selected]
        cells = pl.DataFrame([as_cells(frame.to_series(place)).alias(self.columns[place]) for place in places])
        numbers = self._row_numbers[start : start + len(frame)].to_list()
        numeric = frozenset(self.columns[place] for place in places if frame.dtypes[place].is_numeric())
        return Chunk(start, numbers, cells, {}, lambda at: self._row(frame, at), numeric)

    def _row(self, frame: pl.DataFrame, at: int) -> FileRow:
        return dict(zip(self.columns, frame.row(at), strict=True))


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook, in order."""
    return _open(path).sheet_names


def sheet_name(path: Path, names: Sequence[str], wish: str | None) -> str:
    """The sheet to read: the one that is named, or the first. Raises SetupError if there is none of that name."""
    if not names:
        raise SetupError(f"{path} has no sheet")
    if wish is None or wish in names:
        return wish or names[0]
    close = get_close_matches(wish, names, n=1)
    advice = f" (did you mean {close[0]}?)" if close else ""
    raise SetupError(f"{path} has no sheet {wish}{advice}; it has: {', '.join(names)}")


def _open(path: Path) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError:
        raise SetupError(f"{path} is damaged: it is not a whole XLSX file") from None


def _header(workbook: fastexcel.ExcelReader, name: str, options: FileOptions) -> tuple[int, list[str]]:
    """How many rows stand before the first row of data, and the names of the columns."""
    if options.columns:
        return options.skip_lines, options.columns
    for number, row in enumerate(_texts(workbook, name, options.skip_lines + _HEAD_ROWS)):
        if number >= options.skip_lines and any(cell.strip() for cell in row):
            return number + 1, [cell.strip() for cell in row]
    return 0, []


def first_rows(path: Path, sheet: str | None, count: int) -> list[list[str]]:
    """The cells of a sheet's first rows as texts. Raises SetupError."""
    workbook = _open(path)
    return _texts(workbook, sheet_name(path, workbook.sheet_names, sheet), count)


def _texts(workbook: fastexcel.ExcelReader, name: str, count: int) -> list[list[str]]:
    sheet = workbook.load_sheet(  # pyright: ignore[reportUnknownMemberType]
        name, header_row=None, skip_rows=0, n_rows=count, dtypes="string"
    )
    return [[cell or "" for cell in row] for row in sheet.to_polars().iter_rows()]


def _typed(workbook: fastexcel.ExcelReader, name: str, skipped: int, width: int) -> pl.DataFrame:
    """The rows with their types. A column that mixes durations with other values is read as text."""
    columns = [f"c{place}" for place in range(width)]
    texts: dict[str | int, fastexcel.DType] = {}
    while True:
        try:
            sheet = workbook.load_sheet(  # pyright: ignore[reportUnknownMemberType]
                name,
                header_row=None,
                column_names=columns,
                skip_rows=skipped,
                schema_sample_rows=None,
                dtypes=texts or None,
            )
        except fastexcel.UnsupportedColumnTypeCombinationError as error:
            mixed = _COLUMN.search(str(error))
            if mixed is None or mixed[1] in texts:
                raise
            texts[mixed[1]] = "string"
            continue
        return pl.DataFrame([without_days(values) for values in sheet.to_polars()])


def _holds_text(column: pl.Series) -> pl.Expr:
    cell = pl.col(column.name)
    return cell.is_not_null() & (cell.str.strip_chars() != "") if column.dtype == pl.String else cell.is_not_null()
