"""Calls are taken as dialers write them: numbers as texts, whole numbers as codes, empty texts for nothing."""

from typing import Any

import pytest

from tests.conftest import Owner
from tests.contract.conftest import Caller
from tests.make import attempt

EMPTY = ("agent", "lead", "source", "answered_at", "ended_at", "ring_seconds", "network_result", "handled", "test")


async def row_of(owner: Owner, caller: Caller, call: str, table: str = "attempts") -> dict[str, Any]:
    query = f"SELECT * FROM {table} WHERE account_id = $1 AND external_id = $2"
    row = await owner.fetchrow(query, caller.account_id, call)
    assert row is not None
    return dict(row)


async def test_durations_may_be_texts(caller: Caller, server_owner: Owner) -> None:
    answer = await caller.post("attempts", attempt("texts", talk_seconds="12.5", ring_seconds="0", hold_seconds="007"))
    assert answer.status_code == 201, answer.text
    row = await row_of(server_owner, caller, "texts")
    assert (row["talk_ms"], row["ring_ms"], row["hold_ms"]) == (12_500, 0, 7_000)


async def test_codes_may_be_whole_numbers(caller: Caller, server_owner: Owner) -> None:
    sent = attempt(agent=6001, lead=77.0, disposition={"code": 4, "agent": 6})
    receipt = (await caller.post("attempts", sent | {"external_id": 9_007_199_254_740_992})).json()
    assert receipt["external_id"] == "9007199254740992"
    row = await row_of(server_owner, caller, "9007199254740992")
    assert (row["agent"], row["lead"], row["disposition"], row["disposition_agent"]) == ("6001", "77", "4", "6")


async def test_empty_texts_stand_for_nothing(caller: Caller, server_owner: Owner) -> None:
    answer = await caller.post(
        "attempts", attempt("empty", **dict.fromkeys((*EMPTY, "note", "recording", "outcomes"), ""))
    )
    assert answer.status_code == 201, answer.text
    row = await row_of(server_owner, caller, "empty")
    assert [row.get(name) for name in EMPTY] == [None] * len(EMPTY)


async def test_empty_texts_in_nested_items_stand_for_nothing(caller: Caller, server_owner: Owner) -> None:
    disposition = {"code": "SALE", "agent": "", "callback_at": "", "note": "", "set_at": ""}
    participants = [{"agent": "ada", "from_at": "", "role": "", "talk_seconds": "3"}]
    answer = await caller.post("attempts", attempt("nested", disposition=disposition, participants=participants))
    assert answer.status_code == 201, answer.text
    row = await row_of(server_owner, caller, "nested")
    assert (row["disposition"], row["disposition_agent"], row["callback_at"]) == ("SALE", None, None)


@pytest.mark.parametrize(
    ("path", "item"),
    [
        (
            "inbound-calls",
            {"external_id": 8, "arrived_at": "2026-03-02T09:00:00Z", "queue_seconds": "4", "agent": "", "outcome": ""},
        ),
        ("dispositions", {"attempt": 8, "set_at": "2026-03-02T09:00:00Z", "code": 3, "agent": "", "note": ""}),
    ],
)
async def test_inbound_calls_and_dispositions_are_taken_alike(path: str, item: dict[str, Any], caller: Caller) -> None:
    answer = await caller.post(path, item)
    assert answer.status_code == 201, answer.text
