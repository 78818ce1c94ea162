"""Rows validated in bulk pass their form, and give exactly the form's observations."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from service.importing import staging
from service.importing.chunks import Chunk
from service.importing.language.mapping import FileMapping, read_mapping
from service.importing.language.targets import TARGETS
from service.importing.prepare import prepare, validated_frames
from service.importing.row_validation import read_rows
from service.importing.wire_fields import read_chunk_fields
from service.ingest.resources import Sender
from sql.facts import ATTEMPTS, DISPOSITIONS, LEADS, Fact
from tests.proof import examples

NOW = datetime(2026, 3, 3, tzinfo=UTC)
SENDER = Sender("main", "US", {"vienna": "AT", "lisbon": "PT"}, NOW)

ODD_CODES = ["a", "b c", "Ä", " a", "a ", "\u2007a", "x" * 200, "x" * 201, "\x00", "a\tb", "\u00a0", "-"]
NUMBERS_AS_AGENTS = ["+14155550123", "sip:+14155550199@pbx", "4155550123", "62288329016"]
codes = st.sampled_from([*ODD_CODES, *NUMBERS_AS_AGENTS])
seconds = st.sampled_from(["0", "1.5", "59.9995", "60", "86400", "86400.0001", "86401", "-1", "NaN", "inf", "1e2", "x"])
clock = [
    "2026-03-02T09:00:00Z",
    "2026-03-02T09:00:01.5Z",
    "2026-03-02T10:01:00+01:00",
    "2026-03-02T09:30:00.123456789Z",
]
moments = st.sampled_from(
    [
        *clock,
        *clock,
        "1969-12-31T23:59:59Z",
        "2026-03-03T23:00:00Z",
        "2026-03-04T00:00:01Z",
        "2027-01-01T00:00:00Z",
        "no",
    ]
)
numbers = st.sampled_from(
    ["+14155550123", "(415) 555-0123", "01 2345678", "anonymous", "client:anna", " ", "é", "x" * 64, "x" * 65, "911"]
)
choices = {
    "network_result": ["unknown", "answered", "Answered", "busy"],
    "answered_by": ["unknown", "human", "machine", "robot"],
    "detector": ["carrier", "amd", "agent", ""],
    "handled": ["none", "agent", "nobody"],
}
BY_KIND = {
    "time": moments,
    "duration": seconds,
    "flag": st.sampled_from(["true", "false", "YES", "0", "maybe"]),
    "json": st.sampled_from(['[{"agent": "a", "role": "closer"}]', "{}", "[]", "x", '{"uri": "s3://a"}']),
    "text": codes,
    "amount": st.sampled_from(["12.5", "1e9", "much"]),
}


SPECIAL = {
    "attempt.external_id": st.sampled_from(["1", "2"]) | codes,
    "attempt.campaign": st.sampled_from(["spring", "vienna", "lisbon"]) | st.sampled_from(["spring", "vienna"]) | codes,
    "attempt.dialed_at": st.sampled_from([*clock[:2], *clock[:2], clock[3]]) | moments,
    "attempt.to_number": st.none() | numbers,
    "attempt.from_number": st.none() | numbers,
    "disposition.note": st.none() | st.sampled_from(["n", " n ", "x" * 2001, "\n", "ü", "\x00"]),
    **{f"attempt.{field}": st.none() | st.sampled_from(words) for field, words in choices.items()},
    "participant.agent": st.none() | st.sampled_from(["41", "ada", "b o", '"', "+14155550123"]),
    "participant.state": st.none() | st.sampled_from(["talking", "holding", "asleep"]),
}
FIELDS = {
    f"{section.name}.{field}": SPECIAL.get(f"{section.name}.{field}", st.none() | BY_KIND[kind])
    for section in TARGETS["attempts"].sections[:3]
    for field, kind in section.fields.items()
    if field != "recording"  # filled part by part
}
NEEDED = ("attempt.external_id", "attempt.campaign", "attempt.dialed_at")


@st.composite
def some_row(draw: st.DrawFn) -> dict[str, str | None]:
    """A row with a few of the fields, so that many rows are valid."""
    names = draw(st.sets(st.sampled_from(list(FIELDS)), max_size=6))
    return {name: draw(FIELDS[name]) for name in (*NEEDED, *sorted(names.difference(NEEDED)))}


rows = st.lists(some_row(), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> FileMapping:
    """Every field of an attempt and of its disposition, each from a column of the same name."""
    path = tmp_path_factory.mktemp("mapping") / "all.toml"
    return write_mapping(path, FIELDS)


def write_mapping(path: Path, fields: Any) -> FileMapping:
    sections: dict[str, list[str]] = {}
    for name in fields:
        section, _, field = name.partition(".")
        sections.setdefault(section, []).append(f'{field} = "{name}"')
    path.write_text("".join(f"[{section}]\n" + "\n".join(lines) + "\n" for section, lines in sections.items()))
    return read_mapping(path, "attempts")


def chunk_of(file_rows: Sequence[Mapping[str, str | None]], mapping: FileMapping) -> Chunk:
    cells = pl.DataFrame(
        {name: [row.get(name) for row in file_rows] for name in mapping.columns_read},
        schema_overrides=dict.fromkeys(mapping.columns_read, pl.String),
    )
    return Chunk(0, range(2, len(file_rows) + 2), cells, {}, lambda at: dict(file_rows[at]))


def by_place(frames: list[pl.DataFrame]) -> dict[int, dict[str, Any]]:
    """The rows of frames by their place, without empty values."""
    return {
        row["place"]: {name: value for name, value in row.items() if value is not None}
        for frame in frames
        for row in frame.iter_rows(named=True)
    }


@given(rows)
@settings(max_examples=examples(60, 500), deadline=None)
def test_rows_validated_in_bulk_pass_the_form_with_the_same_values(
    mapping: FileMapping, file_rows: list[dict[str, str | None]]
) -> None:
    read = read_chunk_fields(chunk_of(file_rows, mapping), mapping)
    frames = validated_frames(read, range(len(file_rows)), mapping, SENDER)
    bulk = {fact: by_place([frame]) for fact, frame in frames.items()}
    entries, rejected = read_rows(read, range(len(file_rows)), mapping, SENDER)
    validated = set(bulk.get(ATTEMPTS, {}))
    event(f"{10 * len(validated) // len(file_rows)} tenths validated in bulk")
    assert validated.isdisjoint(row.place for row in rejected)
    observed: dict[Fact, list[tuple[int, Any]]] = {ATTEMPTS: [], DISPOSITIONS: []}
    for entry in entries:
        for fact, row in entry.observations:
            if entry.index in validated:
                observed[fact].append((entry.index, row))
    for fact, form_rows in observed.items():
        assert bulk.get(fact, {}) == by_place([staging.frame(fact, form_rows)] if form_rows else [])


def test_a_plain_row_is_validated_in_bulk(mapping: FileMapping) -> None:
    """Otherwise the property above would hold for no row."""
    plain = {
        "attempt.external_id": "call-1",
        "attempt.campaign": "vienna",
        "attempt.agent": "Ada L.",
        "attempt.source": "web",
        "attempt.lead": "7",
        "attempt.to_number": "01 2345678",
        "attempt.from_number": "anonymous",
        "attempt.dialed_at": clock[0],
        "attempt.answered_at": clock[1],
        "attempt.ended_at": "2026-03-02T10:01:00+01:00",
        "attempt.talk_seconds": "58.4995",
        "attempt.network_result": "answered",
        "attempt.answered_by": "human",
        "attempt.detector": "amd",
        "attempt.handled": "agent",
        "attempt.test": "no",
        "disposition.code": "SALE",
        "disposition.note": "said yes",
        "disposition.callback_at": "2027-01-01T00:00:00Z",
    }
    frames = validated_frames(read_chunk_fields(chunk_of([plain, {}], mapping), mapping), range(2), mapping, SENDER)
    attempt = by_place([frames[ATTEMPTS]])[0]
    assert attempt["to_number"] == "+4312345678"
    assert attempt["to_zones"] == '{"Europe/Vienna"}'
    assert (attempt["said_talk_ms"], attempt["from_number"], attempt["test"]) == (58_500, "anonymous", False)
    assert attempt["disposition_set_at"] == datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
    assert by_place([frames[DISPOSITIONS]])[0]["note"] == "said yes"
    assert list(by_place([frames[ATTEMPTS]])) == [0]


def test_a_lead_of_many_attempts_is_read_once_and_an_invalid_lead_rejects_its_rows(tmp_path: Path) -> None:
    names = ["attempt.external_id", "attempt.campaign", "attempt.dialed_at", "lead.external_id", "lead.received_at"]
    mapping = write_mapping(tmp_path / "leads.toml", names)
    leads = [("L1", clock[0]), ("L1", clock[0]), ("L2", None), ("L2", None), (None, None), ("L1", clock[1])]
    file_rows = [dict(zip(names, (str(n), "c", clock[0], *lead), strict=True)) for n, lead in enumerate(leads)]
    prepared = prepare(chunk_of(file_rows, mapping), mapping, SENDER)
    places = {staged.fact: list(staged.places) for staged in prepared.staged}
    assert places == {LEADS: [0, 5], ATTEMPTS: [0, 1, 4, 5]}
    assert [(row.place, row.faults[0].pointer) for row in prepared.rejected] == [
        (2, "lead.received_at"),
        (3, "lead.received_at"),
    ]
