"""A chunk made ready for the ledger: staged rows of each fact, the codes they mention, and the rows refused."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from service.importing import staging
from service.importing.chunks import Chunk
from service.importing.mapping import FileMapping
from service.importing.row_validation import Refusal, read_leads, read_rows
from service.importing.vectorised_validation import vouch
from service.importing.wire_fields import Wire, wire
from service.ingest import capture
from service.ingest.parsing import Entry
from service.ingest.resources import Row, Sender
from sql.facts import FACTS, LEADS, Fact

Frames = dict[Fact, list[pl.DataFrame]]


@dataclass(frozen=True)
class Prepared:
    """A chunk that can be merged as it is.

    staged: one for each fact, in the order in which they are merged.
    codes: those mentioned, each with its table.
    """

    chunk: Chunk
    staged: Sequence[staging.Staged]
    codes: frozenset[tuple[str, str]]
    refusals: Sequence[Refusal]

    @property
    def accepted(self) -> int:
        """How many rows can be taken."""
        return len(self.chunk) - len(self.refusals)


def prepare(chunk: Chunk, mapping: FileMapping, sender: Sender) -> Prepared:
    """Check every row of a chunk and stage those that can be taken."""
    told = wire(chunk, mapping)
    frames = vouched(told, mapping, sender)
    sure = {place for part in frames.values() for rows in part for place in rows["place"]}
    left = [place for place in range(len(chunk)) if place not in sure]
    entries, refusals = read_rows(told, left, mapping, sender)
    codes = {code for fact, part in frames.items() for rows in part for code in staging.mentions(fact, rows)}
    rows = _rows(entries)
    codes |= set(capture.mentioned_codes(rows))
    for fact, part in rows.items():
        frames[fact].append(staging.frame(fact, part))
    staged = [staging.stage(fact, frames[fact]) for fact in FACTS if frames.get(fact)]
    return Prepared(chunk, staged, frozenset(codes), refusals)


def vouched(told: Wire, mapping: FileMapping, sender: Sender) -> Frames:
    """The rows that need not go through the forms one by one; there are some only among attempts."""
    frames: Frames = defaultdict(list)
    if mapping.resource != "attempts":
        return frames
    clean = told.fields.filter(~pl.col("place").is_in(list(told.faults)))
    surely = vouch(clean, sender)
    if any(section.name == "lead" for section in mapping.sections):
        leads, doubtful = _leads(clean.filter(pl.col("place").is_in(_places(surely))), mapping, sender)
        surely = {fact: rows.filter(~pl.col("place").is_in(doubtful)) for fact, rows in surely.items()}
        surely[LEADS] = leads
    for fact, rows in surely.items():
        if len(rows):
            frames[fact].append(rows)
    return frames


def _places(rows: dict[Fact, pl.DataFrame]) -> list[int]:
    return next(iter(rows.values()))["place"].to_list()


def _leads(fields: pl.DataFrame, mapping: FileMapping, sender: Sender) -> tuple[pl.DataFrame, list[int]]:
    """The leads told beside attempts, and the places of the rows whose lead the form does not take.

    The same lead is told with each of its attempts, and a merge takes no notice of the second time: each is read once.
    """
    names = [name for name in fields.columns if name.startswith("lead.")]
    told = fields.filter(pl.col("lead.external_id").is_not_null()).select("place", *names)
    different = told.group_by(names, maintain_order=True).agg(pl.col("place").alias("places"), pl.col("place").first())
    entries = read_leads(different, mapping, sender)
    refused = [at for at, entry in enumerate(entries) if entry.problem is not None]
    doubtful = different["places"].gather(refused).explode().to_list() if refused else []
    rows = _rows(entry for entry in entries if entry.problem is None)[LEADS]
    return staging.frame(LEADS, rows), doubtful


def _rows(entries: Iterable[Entry]) -> dict[Fact, list[tuple[int, Row]]]:
    rows: dict[Fact, list[tuple[int, Row]]] = defaultdict(list)
    for entry in entries:
        for fact, row in entry.observations:
            rows[fact].append((entry.index, row))
    return rows
