"""From the cells of a file to the values of a field: joined columns, translations, units, zones."""

import re
from hashlib import sha256

import polars as pl

from service.importing.amounts import read_amounts, refuse_rounded
from service.importing.chunks import Chunk
from service.importing.language.conditions import meets
from service.importing.language.mapped_fields import MappedField
from service.importing.language.options import FieldRule, ValueSource, text_of
from service.importing.language.times import InvalidCells, read_days, read_times

_SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
# Fields with a person's own words, where anything may stand.
FREE_TEXTS = frozenset({"note", "name", "reason", "uri", "comment"})
NUMBERS = frozenset({"to_number", "from_number", "phone_number", "number"})
# Programs that take a number for a measurement write it with a decimal.
_WHOLE_NUMBER = r"^(\+?\d{7,15})\.0+$"
# Hours, minutes and seconds together have only one meaning, whatever the unit of the other cells.
_WHOLE_CLOCK = r"^(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$"
_CLOCK = r"^(?:(\d+):)?(\d+):([0-5]\d(?:\.\d+)?)$"


def read_field(chunk: Chunk, mapped: MappedField, decimal: str) -> tuple[pl.Series, list[InvalidCells]]:
    """The values of one field as its form takes them, and the cells without a valid value, with the reasons."""
    cells, untranslated = translated(chunk, mapped.rule)
    is_number = chunk.numeric.issuperset(mapped.rule.columns_read)
    values, invalid = _values(cells, mapped, "." if is_number else decimal)
    return values.alias(mapped.path), [*untranslated, *invalid]


def _source_cells(chunk: Chunk, origin: ValueSource, invalid: list[InvalidCells]) -> pl.Series:
    """The cells of one source after its values and its prefix; cells without a translation are added to `invalid`."""
    cells = _cells(chunk, origin)
    if origin.values is not None:
        before, cells = cells.cast(pl.String), _by_values(cells.cast(pl.String), origin)
        if origin.unmapped == "reject":
            invalid.append((before.is_not_null() & cells.is_null(), "is not among the values of the mapping"))
    if origin.hash is True:
        cells = _hashed(cells)
    return pl.select(pl.lit(origin.prefix) + cells.cast(pl.String)).to_series() if origin.prefix else cells


def _cells(chunk: Chunk, origin: ValueSource) -> pl.Series:
    """The cells, or the parts of them that a pattern finds, in the rows that the `where` of their source selects."""
    cells = _named_cells(chunk, origin)
    if origin.where:
        cells = pl.select(pl.when(meets(chunk.cells, origin.where)).then(cells)).to_series()
    if origin.matches is not None:
        group = min(re.compile(origin.matches).groups, 1)
        cells = cells.cast(pl.String).str.extract(origin.matches, group)
    return cells


def _named_cells(chunk: Chunk, origin: ValueSource) -> pl.Series:
    if origin.constant is not None:
        return pl.repeat(text_of(origin.constant), len(chunk), dtype=pl.String, eager=True)
    if origin.row_number:
        return pl.int_range(chunk.start + 1, chunk.end + 1, eager=True).cast(pl.String)
    if origin.column is not None:
        return chunk.cells[origin.column]
    parts = [chunk.cells[name].cast(pl.String).alias(str(place)) for place, name in enumerate(origin.columns or ())]
    hidden = [name in origin.hashed_columns for name in origin.columns or ()]
    parts = [_hashed(part) if is_hidden else part for part, is_hidden in zip(parts, hidden, strict=True)]
    return pl.select(pl.concat_str(parts, separator=origin.join).alias("joined")).to_series()


def _hashed(cells: pl.Series) -> pl.Series:
    """The first 16 hexadecimal digits of each cell's SHA-256: a call stays the same without showing its number."""
    texts: list[str | None] = cells.cast(pl.String).to_list()
    hashes = [None if text is None else sha256(text.encode()).hexdigest()[:16] for text in texts]
    return pl.Series(cells.name, hashes, pl.String)


def translated(chunk: Chunk, rule: FieldRule) -> tuple[pl.Series, list[InvalidCells]]:
    """The cells of the first source that has one, or the default."""
    invalid: list[InvalidCells] = []
    cells = _source_cells(chunk, rule, invalid)
    for source in rule.sources[1:]:
        is_missing = cells.is_null()
        unfit: list[InvalidCells] = []
        others = _source_cells(chunk, source, unfit)
        cells = cells.cast(pl.String).fill_null(others.cast(pl.String))
        invalid += [(mask & is_missing, reason) for mask, reason in unfit]
    if rule.default is not None:
        cells = cells.cast(pl.String).fill_null(text_of(rule.default))
    return cells, invalid


def _by_values(cells: pl.Series, rule: ValueSource) -> pl.Series:
    words = {word: text_of(meaning) for word, meaning in (rule.values or {}).items()}
    default = cells if rule.unmapped == "keep" else None
    return cells.replace_strict(list(words), list(words.values()), default=default, return_dtype=pl.String)


def _values(cells: pl.Series, mapped: MappedField, decimal: str) -> tuple[pl.Series, list[InvalidCells]]:
    match mapped.kind:
        case "time":
            return read_times(cells, mapped.style)
        case "day":
            return read_days(cells, mapped.style)
        case "duration":
            return _durations(cells, mapped.rule.unit or "seconds", decimal)
        case "amount":
            return read_amounts(cells, decimal)
        case "flag":
            return _flags(cells.cast(pl.String))
        case "text" | "json":
            return _texts(cells.cast(pl.String), mapped)


def _texts(cells: pl.Series, mapped: MappedField) -> tuple[pl.Series, list[InvalidCells]]:
    """Texts as they are, but never the few digits that a spreadsheet leaves of an id or a phone number."""
    name = mapped.field.rpartition(".")[2]
    if name in FREE_TEXTS or mapped.kind != "text":
        return cells, []
    if name in NUMBERS:
        cells = cells.str.replace(_WHOLE_NUMBER, "$1")
    return cells, refuse_rounded(cells)


def _durations(cells: pl.Series, unit: str, decimal: str) -> tuple[pl.Series, list[InvalidCells]]:
    if isinstance(cells.dtype, pl.Duration):
        return cells.dt.total_microseconds() / 1_000_000, []
    cells = cells.cast(pl.String)
    if unit == "clock":
        seconds = _clock_seconds(cells, _CLOCK, decimal)
        return seconds, [(_lost(cells, seconds), "is not a duration like 1:02:03")]
    numbers = cells.cast(pl.Float64, strict=False)
    if decimal == "," or _lost(cells, numbers).any():
        numbers = read_amounts(cells, decimal)[0].cast(pl.Float64, strict=False)
    # Dividing a whole number of milliseconds is exact to the millisecond, multiplying by 0.001 is not.
    seconds = numbers / 1000 if unit == "milliseconds" else numbers * _SECONDS[unit]
    if _lost(cells, seconds).any():
        seconds = seconds.fill_null(_clock_seconds(cells, _WHOLE_CLOCK, decimal))
    return seconds, [(_lost(cells, seconds), f"must be a number of {unit}")]


def _clock_seconds(cells: pl.Series, form: str, decimal: str) -> pl.Series:
    cells = cells.str.replace(",", ".", literal=True) if decimal == "," else cells
    parts = [cells.str.extract(form, group).cast(pl.Float64) for group in (1, 2, 3)]
    return parts[0].fill_null(0.0) * 3600 + parts[1] * 60 + parts[2]


def _lost(before: pl.Series, after: pl.Series) -> pl.Series:
    return before.is_not_null() & after.is_null()


def _flags(cells: pl.Series) -> tuple[pl.Series, list[InvalidCells]]:
    flags = cells.str.to_lowercase().replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean)
    return flags, [(cells.is_not_null() & flags.is_null(), "must be true or false")]
