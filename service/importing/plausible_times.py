"""Plausible times: a call in 1970 is a wrong format, not an old call."""

from datetime import UTC, datetime

import polars as pl

from service.errors import Fault
from service.importing.language.mapping import FileMapping
from service.importing.wire_fields import ChunkFields

# Counts since 1970 in a wrong unit, two digits of a year and empty cells of spreadsheets all end up before this.
_FIRST_YEAR = 1990
_AGE = "observed_at"  # mappings set it by hand, to say which rows know better
_FIRST = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)


def refuse_early(fields: ChunkFields, mapping: FileMapping) -> ChunkFields:
    """The fields of a chunk, with a fault for every time before there were records of calls."""
    early = [
        (place, Fault(mapped.path, _reason(moment)))
        for mapped in mapping.mapped_fields
        if mapped.kind == "time" and mapped.field != _AGE
        for place, moment in _early(fields.fields, mapped.path).iter_rows()
    ]
    if not early:
        return fields
    faults = {place: list(reasons) for place, reasons in fields.faults.items()}
    for place, fault in early:
        faults.setdefault(place, []).append(fault)
    return ChunkFields(fields.fields, faults)


def _early(fields: pl.DataFrame, path: str) -> pl.DataFrame:
    return fields.filter(pl.col(path) < _FIRST).select("place", path)


def _reason(moment: datetime) -> str:
    return f"is in the year {moment.year}; times before {_FIRST_YEAR} are refused: look at the format of this column"
