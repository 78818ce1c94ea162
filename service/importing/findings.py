"""Findings: what people should know about the rows of a file that were accepted."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from service.importing.amounts import has_three_digits_behind
from service.importing.cells import NUMBERS, translated
from service.importing.chunks import Chunk
from service.importing.language.mapping import FileMapping
from service.importing.repeated_keys import RepeatedKeys, keys_of
from sql.facts import Fact

_EXAMPLES = 5
_READ = r"^\+\d{7,15}"
# What dialers write where no number is shown, and addresses of other systems.
_NO_NUMBERS = (
    r"(?i)^(?:anonymous|anonym|unknown|private|restricted|unavailable|withheld|blocked|none|s|[a-z][a-z0-9+.-]*:.*)$"
)
_MARKS = {",": ".", ".": ","}


@dataclass(frozen=True)
class ChunkFindings:
    """The findings of one chunk.

    unread_numbers: place and text of what is no phone number. keys: place and key of each row.
    amounts, in_thousands: the amounts of each column, and those that may be thousands or decimals.
    """

    unread_numbers: Sequence[tuple[int, str]]
    keys: pl.DataFrame
    amounts: Counter[str]
    in_thousands: Counter[str]


@dataclass
class Findings:
    """The findings of a whole file. unread_count: how many numbers cannot be read; unread: the first, with lines."""

    unread_count: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    repeated: RepeatedKeys = field(default_factory=RepeatedKeys)
    amounts: Counter[str] = field(default_factory=Counter[str])
    in_thousands: Counter[str] = field(default_factory=Counter[str])

    def add(self, chunk: Chunk, findings: ChunkFindings) -> None:
        """Add the findings of the next chunk."""
        self.unread_count += len(findings.unread_numbers)
        missing = _EXAMPLES - len(self.unread)
        self.unread += [(chunk.lines[place], text) for place, text in findings.unread_numbers[:missing]]
        self.repeated.add(chunk, findings.keys)
        self.amounts += findings.amounts
        self.in_thousands += findings.in_thousands

    def sentences(self, decimal: str) -> Iterator[str]:
        """The findings in sentences. decimal: the mark before the decimals in the file."""
        if self.unread_count:
            texts = "; ".join(f"line {line:,}: {text}" for line, text in self.unread)
            more = " ..." if self.unread_count > len(self.unread) else ""
            yield f"{_numbers(self.unread_count)}, and the row is stored with the text as it is ({texts}{more})."
        yield from self.repeated.sentences()
        for column, count in self.amounts.items():
            if count and self.in_thousands[column] == count:
                mark = _MARKS[decimal]
                yield (
                    f"Every amount in {column} has three digits behind one {_name(mark)}: 1{mark}234 was read as 1234."
                    f' If it means 1.234, set decimal = "{mark}" under [file].'
                )


def chunk_findings(chunk: Chunk, mapping: FileMapping, frames: Mapping[Fact, Sequence[pl.DataFrame]]) -> ChunkFindings:
    """The findings of a chunk. frames: its accepted rows by fact."""
    unread = sorted(number for parts in frames.values() for frame in parts for number in _unread_numbers(frame))
    keys = keys_of({fact: frames[fact] for fact in mapping.facts if fact in frames})
    amounts, in_thousands = _amounts(chunk, mapping)
    return ChunkFindings(list(dict.fromkeys(unread)), keys, amounts, in_thousands)


def _unread_numbers(frame: pl.DataFrame) -> Iterator[tuple[int, str]]:
    for name in NUMBERS.intersection(frame.columns):
        if frame.schema[name] == pl.String:
            others = frame.select("place", name).filter(~pl.col(name).str.contains(_READ))
            yield from others.filter(~pl.col(name).str.contains(_NO_NUMBERS)).iter_rows()


def _amounts(chunk: Chunk, mapping: FileMapping) -> tuple[Counter[str], Counter[str]]:
    mark = _MARKS[mapping.file.decimal]
    amounts, in_thousands = Counter[str](), Counter[str]()
    for mapped in mapping.mapped_fields:
        if mapped.kind == "amount" and mapped.rule.column and mapped.rule.column not in chunk.numeric:
            cells = translated(chunk, mapped.rule)[0].cast(pl.String).drop_nulls()
            amounts[mapped.rule.column] = len(cells)
            in_thousands[mapped.rule.column] = int(has_three_digits_behind(cells, re.escape(mark)).sum())
    return amounts, in_thousands


def _numbers(count: int) -> str:
    return "1 phone number cannot be read" if count == 1 else f"{count:,} phone numbers cannot be read"


def _name(mark: str) -> str:
    return "point" if mark == "." else "comma"
