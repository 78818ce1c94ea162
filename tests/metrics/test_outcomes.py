"""What an attempt counts as: the rules, and the invariants no combination of codes and observations can break."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from reports.model.codes import TABLES, read_codes
from reports.model.types import CODES
from reports.query.plan import plan_scans
from reports.rules.call_outcomes import CURRENT_ATTEMPT, resolve_attempts
from reports.rules.call_populations import answered, conversation, human, human_with_agent, right_party, valid
from reports.rules.calls import CALL, CALLS, resolve_calls
from reports.rules.column_pruning import table_columns
from tests.metrics.floor import FIRST
from tests.metrics.frames import ask, current_attempts, floor_codes, resolved_attempts


def outcome(attempt: dict[str, Any], **code: Any) -> dict[str, Any]:
    """What one attempt counts as, when its disposition is a code with these axes."""
    if code:
        attempt = {**attempt, "disposition": "CODE"}
    tables = {name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()}
    rows = [{"code": "CODE", **code}] if code else []
    tables["disposition_codes"] = pl.DataFrame(rows, schema=CODES["disposition_codes"])
    frame = pl.DataFrame([attempt], schema=CURRENT_ATTEMPT)
    return resolve_attempts(frame.lazy(), read_codes(tables)).collect().row(0, named=True)


TALKED = {"agent": "ada", "talk_ms": 90_000, "answered_by": "human"}
MACHINE = {"agent": "ada", "talk_ms": 90_000, "answered_by": "machine", "network_result": "answered"}

LONG = {"agent": "ada", "talk_ms": 20_000, "network_result": "answered", "person_after_ms": 20_000}

CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (
        "nothing known",
        {},
        {},
        {"network_result": "unknown", "answered_by": "unknown", "handled": "unknown", "open": True},
    ),
    ("a named agent talked", TALKED, {}, {"network_result": "answered", "handled": "agent", "party": "unknown"}),
    ("nobody named talked", {**TALKED, "agent": None}, {}, {"handled": "unknown", "answered_by": "human"}),
    ("nobody answered, so nobody handled it", {"network_result": "busy"}, {}, {"handled": "none"}),
    ("it is told that nobody handled it", {"answered_by": "human", "handled": "none"}, {}, {"handled": "none"}),
    ("an agent joined", {"agent_joined_at": 0}, {}, {"handled": "agent"}),
    (
        "picked up, by whom nobody knows",
        {"answered_at": 0},
        {},
        {"network_result": "answered", "answered_by": "unknown"},
    ),
    ("a machine picked up", {"answered_by": "machine"}, {}, {"network_result": "answered", "handled": "unknown"}),
    ("we dropped it", {"handled": "abandoned_by_us"}, {}, {"network_result": "answered", "answered_by": "unknown"}),
    (
        "the agent says sale where the machine said machine",
        MACHINE,
        {"result": "sale"},
        {"answered_by": "human", "party": "right_party", "handled": "agent", "result": "sale"},
    ),
    (
        "a sale the dialer called unanswered",
        {"network_result": "no_answer"},
        {"result": "sale"},
        {"network_result": "answered", "answered_by": "human", "handled": "agent"},
    ),
    ("a sale to a gatekeeper", TALKED, {"result": "sale", "party": "gatekeeper"}, {"party": "gatekeeper"}),
    (
        "talk that nobody measured",
        {
            "agent_joined_at": FIRST,
            "ended_at": FIRST + timedelta(seconds=95.5),
            "hold_ms": 15_000,
        },
        {},
        {"talk_ms": 80_500, "handled": "agent"},
    ),
    (
        "talk that somebody measured",
        {"agent_joined_at": FIRST, "ended_at": FIRST + timedelta(seconds=95.5), "talk_ms": 12},
        {},
        {"talk_ms": 12},
    ),
    (
        "a sale made by the IVR",
        {"handled": "ivr_only"},
        {"result": "sale"},
        {"handled": "ivr_only", "answered_by": "human"},
    ),
    (
        "the right person, whatever they said",
        {"handled": "abandoned_by_callee"},
        {"result": "not_interested", "party": "right_party"},
        {"answered_by": "human", "handled": "agent", "network_result": "answered"},
    ),
    ("a refusal says nothing of who refused", {}, {"result": "not_interested"}, {"answered_by": "unknown"}),
    (
        "the agent says nobody answered",
        {"answered_by": "human", "network_result": "answered"},
        {"result": "none", "network_result": "no_answer"},
        {"network_result": "no_answer", "answered_by": "unknown"},
    ),
    (
        "unknown is silence",
        MACHINE,
        {"result": "none", "answered_by": "unknown", "network_result": "unknown", "party": "unknown"},
        {"answered_by": "machine", "network_result": "answered", "party": "unknown"},
    ),
    ("an unmapped code is no goal", TALKED, {"result": "unmapped"}, {"result": "unmapped", "party": "unknown"}),
    (
        "a code nobody has heard of",
        {"disposition": "NEW"},
        {},
        {"result": "unmapped", "disposition": "NEW", "open": False},
    ),
    ("a callback was promised", {"callback_at": 0}, {}, {"next_step": "callback"}),
    ("the code says what is next", {"callback_at": 0}, {"result": "none", "next_step": "none"}, {"next_step": "none"}),
    ("still ringing, for all we know", {"network_result": "answered"}, {}, {"open": True}),
    ("busy is over", {"network_result": "busy"}, {}, {"open": False}),
    ("talked is over", {"talk_ms": 0}, {}, {"open": False}),
    ("silent call to a test lead", {"lead_test": True}, {}, {"test": True}),
    ("real call to a test lead", {"lead_test": True, "test": False}, {}, {"test": False}),
    ("given up before it rang", {"network_result": "cancelled", "ring_ms": 0}, {}, {"network_result": "cancelled"}),
    ("given up while it rang", {"network_result": "cancelled", "ring_ms": 6_000}, {}, {"network_result": "no_answer"}),
    ("given up after it rang", {"network_result": "cancelled", "rang_at": 0}, {}, {"network_result": "no_answer"}),
    (
        "the code says cancelled, the line says it rang",
        {"rang_at": 0},
        {"result": "none", "network_result": "cancelled"},
        {"network_result": "no_answer"},
    ),
    ("long enough for a person", LONG, {}, {"answered_by": "human", "person_assumed": True, "handled": "agent"}),
    ("too short for a person", {**LONG, "talk_ms": 19_999}, {}, {"answered_by": "unknown", "person_assumed": False}),
    ("nobody says what an answer means", {**LONG, "person_after_ms": None}, {}, {"answered_by": "unknown"}),
    (
        "long, but a machine",
        {**LONG, "answered_by": "machine"},
        {},
        {"answered_by": "machine", "person_assumed": False},
    ),
    ("a known person is not assumed", {**LONG, "answered_by": "human"}, {}, {"person_assumed": False}),
    ("long, but in a menu", {**LONG, "handled": "ivr_only"}, {}, {"answered_by": "unknown", "handled": "ivr_only"}),
    ("long, the agent not known", {**LONG, "agent": None}, {}, {"answered_by": "human", "handled": "unknown"}),
    ("long, and the agent says voicemail", LONG, {"answered_by": "machine"}, {"answered_by": "machine"}),
    (
        "long, and the agent says nobody answered",
        LONG,
        {"network_result": "no_answer"},
        {"answered_by": "unknown", "person_assumed": False},
    ),
    (
        "every answer is a person",
        {"network_result": "answered", "person_after_ms": 0},
        {},
        {"answered_by": "human", "person_assumed": True},
    ),
    (
        "no answer is no person",
        {"network_result": "no_answer", "person_after_ms": 0},
        {},
        {"answered_by": "unknown", "network_result": "no_answer"},
    ),
    ("spam is set aside", {"spam": True, "test": False}, {}, {"spam": True, "test": True}),
    ("a test is no spam", {"test": True}, {}, {"spam": False, "test": True}),
    ("source of the lead", {"lead_source": "web", "campaign": "spring"}, {}, {"source": "web"}),
    ("who set the disposition", {"disposition_agent": "bo"}, {}, {"agent": "bo"}),
    ("who called, not who disposed", {"agent": "ada", "disposition_agent": "bo"}, {}, {"agent": "ada"}),
]


@pytest.mark.parametrize(("attempt", "code", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_an_attempt_counts_as(attempt: dict[str, Any], code: dict[str, Any], expected: dict[str, Any]) -> None:
    counted_as = outcome(attempt, **code)
    assert {name: counted_as[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        (conversation(), right_party()),
        (right_party(), human_with_agent()),
        (human_with_agent(), human()),
        (human(), answered()),
        (answered(), valid()),
        (pl.col("result") == "sale", human()),
        (pl.col("result").cast(pl.String).is_in(["appointment", "qualified"]), human()),
        (pl.col("party") == "right_party", human()),
        (pl.col("handled") == "abandoned_by_us", answered()),
    ],
)
def test_populations_are_nested_whatever_was_said(inner: pl.Expr, outer: pl.Expr) -> None:
    rows = resolved_attempts()
    assert rows.filter(inner).height > 0
    assert rows.filter(inner & ~outer.fill_null(value=False)).height == 0


@pytest.mark.parametrize("column", CALL)
def test_a_settled_column_needs_no_more_than_it_reads(column: str) -> None:
    """Only what is read has to be there: with the rest left out, nothing changes."""
    columns = tuple({"external_id", column})
    read = table_columns(CALLS, columns)
    of_leads = [f"lead_{name}" for name in read.get("leads", ()) if name != "lead"]
    names = [name for name in CURRENT_ATTEMPT if name in (*read["attempts"], *of_leads)]
    [scan] = plan_scans(ask(), floor_codes())
    alone = current_attempts().lazy().select(names).match_to_schema(CURRENT_ATTEMPT, missing_columns="insert")
    made = [resolve_calls(rows, scan.context).select(columns).collect() for rows in (current_attempts().lazy(), alone)]
    assert_frame_equal(*made, check_row_order=False, check_exact=True)


def test_a_report_without_sources_reads_none() -> None:
    read = table_columns(CALLS, ("network_result", "open"))
    assert list(read) == ["attempts"]
    assert {"source", "campaign", "lead"}.isdisjoint(read["attempts"])
