"""The reasons given for what a call counts as lead to what it counts as, whatever was told of it."""

from datetime import UTC, datetime
from itertools import islice, product
from typing import Any

import polars as pl
import pytest

from reports.model.codes import TABLES, Codes, read_codes
from reports.model.types import CODES
from reports.model.vocabulary import ANSWERED_BY, AXES, HANDLED
from reports.rules.call_outcomes import CURRENT_ATTEMPT
from reports.rules.explain import explain_axes, talk_ms
from reports.rules.resolve_calls import outcome_label, resolve_few

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FIELDS: dict[str, tuple[Any, ...]] = {
    "network_result": (None, "unknown", "cancelled", "no_answer", "answered"),
    "answered_by": (None, *ANSWERED_BY),
    "handled": (None, *HANDLED),
    "agent_joined_at": (None, AT),
    "answered_at": (None, AT),
    "talk_ms": (None, 0, 90_000),
    "agent": (None, "ada"),
    "ring_ms": (None, 4_000),
    "rang_at": (None, AT),
    "person_after_ms": (None, 0, 60_000),
    "callback_at": (None, AT),
}
# A code for each way in which one can speak: about one axis, about several, or about none.
MEANINGS: dict[str, dict[str, str]] = {
    "SOLD": {"result": "sale"},
    "SOLD-ELSEWHERE": {"result": "sale", "party": "gatekeeper"},
    "SOLD-BY-MACHINE": {"result": "appointment", "handled": "ivr_only", "next_step": "none"},
    "NOBODY": {"network_result": "no_answer"},
    "MACHINE": {"answered_by": "machine", "handled": "none"},
    "SPOKE": {"party": "right_party", "result": "not_interested"},
    "LEFT": {"network_result": "answered", "answered_by": "unknown", "handled": "none", "next_step": "callback"},
    "NEW": {"result": "unmapped"},
}


@pytest.fixture(scope="module")
def codes() -> Codes:
    """The codes, as an account has them."""
    tables = {name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()}
    rows = [{"code": code, **meaning} for code, meaning in MEANINGS.items()]
    tables["disposition_codes"] = pl.DataFrame(rows, schema=CODES["disposition_codes"])
    return read_codes(tables)


@pytest.mark.parametrize("disposition", [None, "NOT-KNOWN", *MEANINGS])
def test_every_reason_leads_to_what_the_rules_say(disposition: str | None, codes: Codes) -> None:
    # A prime step meets every value of every field with every other, in a fraction of the time.
    step = 17 if disposition in {None, "SOLD", "NOBODY"} else 83
    calls: list[dict[str, Any]] = [
        dict.fromkeys(CURRENT_ATTEMPT)
        | dict(zip(FIELDS, values, strict=True))
        | {"dialer": "d", "external_id": str(number), "disposition": disposition}
        for number, values in enumerate(islice(product(*FIELDS.values()), 0, None, step))
    ]
    resolved = resolve_few(calls, codes)
    assert len(resolved) == len(calls) > 1000
    for call in calls:
        counted = resolved["d", call["external_id"]]
        explained = explain_axes(call, codes)
        assert {axis: counted[axis] for axis in AXES} == {axis: reason.value for axis, reason in explained.items()}, (
            call
        )
        assert all(reason.why and (not reason.field or call[reason.field] is not None) for reason in explained.values())
        assert counted["talk_ms"] == talk_ms(call)
        assert outcome_label(counted)


def test_a_call_is_said_in_words(codes: Codes) -> None:
    examples = {
        "nothing yet": {},
        "no answer": {"network_result": "no_answer"},
        "machine": {"answered_by": "machine", "talk_ms": 3},
        "sale": {"disposition": "SOLD"},
        "NEW (unmapped)": {"disposition": "NEW"},
    }
    calls = [
        dict.fromkeys(CURRENT_ATTEMPT) | call | {"dialer": "d", "external_id": words}
        for words, call in examples.items()
    ]
    words = {name: outcome_label(call) for (_, name), call in resolve_few(calls, codes).items()}
    assert words == {name: name for name in examples} | {"nothing yet": "in progress"}
