"""A chunk in wire fields: what each row says, field by field, before anything is checked against the forms."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from service.errors import Fault
from service.importing.cells import read_field
from service.importing.chunks import Chunk
from service.importing.mapping import FileMapping


@dataclass(frozen=True)
class Wire:
    """The fields of a chunk's rows: one column for each bound field, named section.field, and the row's place.

    faults: what is wrong already with the rows that are not as the mapping says, by place; pointers name the field.
    """

    fields: pl.DataFrame
    faults: Mapping[int, list[Fault]]


def wire(chunk: Chunk, mapping: FileMapping) -> Wire:
    """The fields of a chunk."""
    columns = [pl.int_range(len(chunk), eager=True).alias("place")]
    faults: dict[int, list[Fault]] = defaultdict(list)
    for place, reason in chunk.broken.items():
        faults[place].append(Fault("", reason))
    for bound in mapping.bound:
        values, faulty = read_field(chunk, bound, mapping.file.decimal)
        columns.append(values)
        for mask, reason in faulty:
            for place in mask.arg_true():
                if place not in chunk.broken:
                    faults[place].append(Fault(bound.path, reason))
    return Wire(pl.DataFrame(columns), faults)
