"""Preparing a chunk for the ledger: staged rows of each fact, the codes they mention, and the rejected rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from service.importing import plain_participants, staging
from service.importing.assignments import PlacedRow, assignment_rows
from service.importing.chunks import Chunk
from service.importing.findings import ChunkFindings, chunk_findings
from service.importing.former_ids import former_ids
from service.importing.language.mapping import FileMapping
from service.importing.plausible_times import refuse_early
from service.importing.row_kinds import rows_by_kind
from service.importing.row_validation import RejectedRow, read_leads, read_rows
from service.importing.vectorised_validation import validate_attempts
from service.importing.wire_fields import ChunkFields, read_chunk_fields
from service.ingest import capture
from service.ingest.parsing import Entry
from service.ingest.resources import Row, Sender
from service.ingest.resources.attempts import RESOURCE as ATTEMPT_FORM
from sql.facts import ASSIGNMENTS, FACTS, LEADS, Fact

Frames = dict[Fact, list[pl.DataFrame]]


@dataclass(frozen=True)
class PreparedChunk:
    """A chunk that is ready to be merged.

    staged: one entry for each fact, in merge order.
    codes: the codes that the rows mention, each with its table.
    skipped: how many rows are not imported, by reason.
    former_ids: the ids of rows under an earlier mapping, by place.
    findings: what people should know about the accepted rows.
    assignments: the assignments of tracking numbers, which are stored one by one.
    """

    chunk: Chunk
    staged: Sequence[staging.StagedFact]
    codes: frozenset[tuple[str, str]]
    rejected: Sequence[RejectedRow]
    skipped: Counter[str]
    former_ids: Mapping[int, str]
    findings: ChunkFindings
    assignments: Sequence[PlacedRow]

    @property
    def accepted(self) -> int:
        """The number of rows for the ledger."""
        return len(self.chunk) - len(self.rejected) - self.skipped.total()


def prepare(chunk: Chunk, mapping: FileMapping, sender: Sender) -> PreparedChunk:
    """Check every row of a chunk and stage the valid rows."""
    kinds = mapping.kinds
    rows = rows_by_kind(chunk, mapping.router, list(kinds))
    frames: Frames = defaultdict(list)
    codes: set[tuple[str, str]] = set()
    rejected: list[RejectedRow] = []
    for kind, places in rows.places.items():
        if places:
            rejected += _prepare_rows(chunk, places, kinds[kind], sender, frames, codes)
    staged = [staging.stage(fact, frames[fact]) for fact in FACTS if frames.get(fact) and fact is not ASSIGNMENTS]
    rejected.sort(key=lambda row: row.place)
    former, findings = former_ids(chunk, mapping), chunk_findings(chunk, mapping, frames)
    assigned = assignment_rows(frames.get(ASSIGNMENTS, ()))
    return PreparedChunk(chunk, staged, frozenset(codes), rejected, rows.skipped, former, findings, assigned)


def _prepare_rows(
    chunk: Chunk,
    places: Sequence[int],
    mapping: FileMapping,
    sender: Sender,
    frames: Frames,
    codes: set[tuple[str, str]],
) -> list[RejectedRow]:
    """Add the valid rows of one kind, and the codes they mention; returns the others."""
    chunk_fields = refuse_early(read_chunk_fields(chunk, mapping), mapping)
    validated = validated_frames(chunk_fields, places, mapping, sender)
    validated_places = {place for part in validated.values() for place in part["place"]}
    remaining = [place for place in places if place not in validated_places]
    entries, rejected = read_rows(chunk_fields, remaining, mapping, sender)
    for fact, part in validated.items():
        frames[fact].append(part)
        codes.update(staging.mentioned_codes(fact, part))
    in_bulk = chunk_fields.fields[sorted(validated_places)]
    codes.update(("agents", agent) for agent in plain_participants.agents(in_bulk))
    rows = _rows(entries)
    codes.update(capture.mentioned_codes(rows))
    for fact, part in rows.items():
        frames[fact].append(staging.frame(fact, part))
    return rejected


def validated_frames(
    chunk_fields: ChunkFields, places: Sequence[int], mapping: FileMapping, sender: Sender
) -> dict[Fact, pl.DataFrame]:
    """Those of some rows that need no form of their own; only attempts have such rows."""
    if mapping.target.resource is not ATTEMPT_FORM:
        return {}
    is_clean = pl.col("place").is_in(list(places)) & ~pl.col("place").is_in(list(chunk_fields.faults))
    clean = chunk_fields.fields.filter(is_clean)
    validated = validate_attempts(clean, sender)
    if any(section.name == "lead" for section in mapping.sections):
        leads, invalid = _leads(clean.filter(pl.col("place").is_in(_places(validated))), mapping, sender)
        validated = {fact: rows.filter(~pl.col("place").is_in(invalid)) for fact, rows in validated.items()}
        validated[LEADS] = leads
    return {fact: rows for fact, rows in validated.items() if len(rows)}


def _places(rows: dict[Fact, pl.DataFrame]) -> list[int]:
    return next(iter(rows.values()))["place"].to_list()


def _leads(fields: pl.DataFrame, mapping: FileMapping, sender: Sender) -> tuple[pl.DataFrame, list[int]]:
    """The leads in rows of attempts, and the places of rows with an invalid lead.

    A lead repeats in each row of its attempts, and a second merge changes nothing, so each different lead is read
    once.
    """
    names = [name for name in fields.columns if name.startswith("lead.")]
    lead_rows = fields.filter(pl.col("lead.external_id").is_not_null()).select("place", *names)
    distinct = lead_rows.group_by(names, maintain_order=True).agg(
        pl.col("place").alias("places"), pl.col("place").first()
    )
    entries = read_leads(distinct, mapping, sender)
    refused = [at for at, entry in enumerate(entries) if entry.problem is not None]
    invalid = distinct["places"].gather(refused).explode().to_list() if refused else []
    rows = _rows(entry for entry in entries if entry.problem is None)[LEADS]
    return staging.frame(LEADS, rows), invalid


def _rows(entries: Iterable[Entry]) -> dict[Fact, list[tuple[int, Row]]]:
    rows: dict[Fact, list[tuple[int, Row]]] = defaultdict(list)
    for entry in entries:
        for fact, row in entry.observations:
            rows[fact].append((entry.index, row))
    return rows
