"""The fields of a chunk: the content of each row, field by field, before any form checks it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from service.errors import Fault
from service.importing.cells import read_field
from service.importing.chunks import Chunk
from service.importing.language.mapping import FileMapping


@dataclass(frozen=True)
class ChunkFields:
    """The fields of a chunk's rows: one column for each mapped field, named section.field, and the row's place.

    faults: rows that already break the mapping, by place; pointers name the field.
    """

    fields: pl.DataFrame
    faults: Mapping[int, list[Fault]]


def read_chunk_fields(chunk: Chunk, mapping: FileMapping) -> ChunkFields:
    """The fields of a chunk."""
    columns = [pl.int_range(len(chunk), eager=True).alias("place")]
    faults: dict[int, list[Fault]] = defaultdict(list)
    for place, reason in chunk.broken.items():
        faults[place].append(Fault("", reason))
    for mapped in mapping.mapped_fields:
        values, invalid = read_field(chunk, mapped, mapping.file.decimal)
        columns.append(values)
        for mask, reason in invalid:
            for place in mask.arg_true():
                if place not in chunk.broken:
                    faults[place].append(Fault(mapped.path, reason))
    return ChunkFields(pl.DataFrame(columns), faults)
