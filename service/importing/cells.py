"""From the cells of a file to the values of a field: joined columns, translations, units, zones."""

import re
from hashlib import sha256

import polars as pl

from service.importing.chunks import Chunk
from service.importing.language.conditions import meets
from service.importing.language.mapped_fields import MappedField
from service.importing.language.options import FieldRule, ValueSource, text_of
from service.importing.language.times import InvalidCells, read_days, read_times

_SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_CLOCK = r"^(?:(\d+):)?(\d+):([0-5]\d(?:\.\d+)?)$"


def read_field(chunk: Chunk, mapped: MappedField, decimal: str) -> tuple[pl.Series, list[InvalidCells]]:
    """The values of one field as its form takes them, and the cells without a valid value, with the reasons."""
    cells, untranslated = translated(chunk, mapped.rule)
    values, invalid = _values(cells, mapped, decimal)
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
            return _durations(_point(cells, decimal), mapped.rule.unit or "seconds")
        case "amount":
            return _point(cells, decimal), []
        case "flag":
            return _flags(cells.cast(pl.String))
        case "text" | "json":
            return cells.cast(pl.String), []


def _point(cells: pl.Series, decimal: str) -> pl.Series:
    cells = cells.cast(pl.String)
    return cells if decimal == "." else cells.str.replace(decimal, ".", literal=True)


def _durations(cells: pl.Series, unit: str) -> tuple[pl.Series, list[InvalidCells]]:
    if unit == "clock":
        parts = [cells.str.extract(_CLOCK, group).cast(pl.Float64) for group in (1, 2, 3)]
        seconds = parts[0].fill_null(0.0) * 3600 + parts[1] * 60 + parts[2]
    else:
        # Dividing a whole number of milliseconds is exact to the millisecond, multiplying by 0.001 is not.
        numbers = cells.cast(pl.Float64, strict=False)
        seconds = numbers / 1000 if unit == "milliseconds" else numbers * _SECONDS[unit]
    reason = "is not a duration like 1:02:03" if unit == "clock" else f"must be a number of {unit}"
    return seconds, [(cells.is_not_null() & seconds.is_null(), reason)]


def _flags(cells: pl.Series) -> tuple[pl.Series, list[InvalidCells]]:
    flags = cells.str.to_lowercase().replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean)
    return flags, [(cells.is_not_null() & flags.is_null(), "must be true or false")]
