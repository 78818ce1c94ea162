"""A correction of the same moment counts both ways, a repetition never does, and receipts name what was not stored."""

from itertools import permutations
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.make import MAKERS, Item, at

OFFER: Item = {"item": "offer"}
# For each resource: its table, a field and its column, two values of the field, and the column's type.
FIELDS: list[tuple[str, str, str, str, Any, Any]] = [
    ("attempts", "attempts", "agent", "agent", "ada", "bob"),
    ("attempts", "attempts", "talk_seconds", "said_talk_ms / 1000", 40, 7),
    ("attempts", "attempts", "network_result", "network_result::text", "answered", "busy"),
    ("attempts", "attempts", "test", "test", True, False),
    ("attempts", "attempts", "to_number", "to_number", "+14155550101", "+14155550102"),
    ("attempts", "attempts", "disposition", "disposition", {"code": "SALE"}, {"code": "NO"}),
    ("attempts", "dispositions", "disposition", "code", {"code": "SALE"}, {"code": "NO"}),
    ("dispositions", "dispositions", "code", "code", "SALE", "NO"),
    ("dispositions", "attempts", "code", "disposition", "SALE", "NO"),
    ("dispositions", "dispositions", "agent", "agent", "ada", "bob"),
    ("inbound-calls", "inbound_calls", "outcome", "outcome::text", "answered", "missed"),
    ("inbound-calls", "inbound_calls", "disposition", "disposition", {"code": "SALE"}, {"code": "NO"}),
    ("leads", "leads", "owner", "owner", "ada", "bob"),
    ("leads", "leads", "source", "source", "web", "fair"),
    ("appointments", "appointments", "status", "status::text", "held", "no_show"),
    ("appointments", "appointments", "agent", "agent", "ada", "bob"),
    ("follow-ups", "follow_ups", "channel", "channel::text", "email", "sms"),
    ("stage-changes", "stage_changes", "amount", "amount::float", 900, 90),
    ("stage-changes", "stage_changes", "stage", "stage::text", "won", "lost"),
    ("spend", "spend", "amount", "amount::float", 100, 50),
    ("cases", "cases", "topic", "topic", "invoice", "price"),
    ("inbound-calls", "inbound_calls", "topic", "topic", "invoice", "price"),
    ("inbound-calls", "inbound_calls", "wrap_seconds", "wrap_ms / 1000", 20, 30),
    ("agent-states", "agent_states", "state", "state::text", "talking", "paused"),
    ("schedules", "schedules", "activity", "activity::text", "work", "off"),
    ("staff", "staff", "left_on", "left_on::text", "2026-03-31", "2026-02-28"),
    ("running-costs", "running_costs", "amount", "amount::float", 100, 50),
    ("customers", "customers", "until_on", "until_on::text", "2026-05-31", "2026-04-30"),
    ("surveys", "surveys", "score", "score::float", 5, 1),
    ("form-items", "form_items", "weight", "weight::float", 2, 1),
    ("evaluations", "evaluations", "agent", "agent", "ada", "bob"),
    ("shared-calls", "shared_calls", "team", "team", "north", "south"),
    ("evaluations", "evaluation_scores", "scores", "points::float", [OFFER | {"points": 0}], [OFFER | {"points": 5}]),
]


def readable(value: Any) -> Any:
    if isinstance(value, list):
        return value[0]["points"]
    return value["code"] if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("path", "table", "field", "column", "first", "second"), FIELDS, ids=[f"{f[0]} {f[1]} {f[2]}" for f in FIELDS]
)
async def test_of_one_moment_the_later_delivery_counts_and_a_repetition_never(
    *, path: str, table: str, field: str, column: str, first: Any, second: Any, caller: Caller, owner: Owner
) -> None:
    async def stored(identity: str) -> Any:
        query = f"SELECT {column} FROM {table} WHERE account_id = $1 AND {_key(table)} = $2"
        [row] = await owner.fetch(query, caller.account_id, identity)
        return row[0]

    for number, (before, after) in enumerate(permutations((first, second))):
        identity = f"number-{number}"
        old, new = (_item(path, identity, field, value) for value in (before, after))
        assert (await caller.post(path, old, 201))["status"] == "created"
        corrected = await caller.post(path, new, 200)
        assert (corrected["status"], corrected.get("outranked")) == ("updated", None)
        assert await stored(identity) == readable(after)
        [repeated], _ = await caller.stream(path, [old])
        assert repeated["status"] == "unchanged"
        assert field in repeated["outranked"]
        assert field in [lost["field"] for lost in repeated["superseded"]]
        assert await stored(identity) == readable(after)
        # In one batch, its place is its turn.
        batched = f"batch-{number}"
        items = [_item(path, batched, field, value) for value in (before, after, before)]
        receipts = (await caller.post(path, items))["receipts"]
        assert [receipt["status"] for receipt in receipts] == ["created", "updated", "unchanged"]
        assert ("outranked" in receipts[1], field in receipts[2]["outranked"]) == (False, True)
        assert await stored(batched) == readable(after)


def _item(path: str, identity: str, field: str, value: Any) -> Item:
    names = {"dispositions": "attempt", "agent-states": "agent", "schedules": "agent", "form-items": "item"}
    name = names.get(path, "external_id")
    return MAKERS[path](**{name: identity, field: value})


def _key(table: str) -> str:
    keys = {"dispositions": "attempt", "agent_states": "agent", "schedules": "agent"}
    keys |= {"form_items": "item", "evaluation_scores": "evaluation"}
    return keys.get(table, "external_id")


async def test_a_third_word_of_the_same_moment_counts_though_its_value_was_known(caller: Caller) -> None:
    sent = [
        MAKERS["attempts"](agent="ada"),
        MAKERS["attempts"](agent="bob"),
        MAKERS["attempts"](agent="ada", talk_seconds=9),
    ]
    receipts = [await caller.post("attempts", item) for item in sent]
    assert [receipt["status"] for receipt in receipts] == ["created", "updated", "updated"]
    assert "outranked" not in receipts[2]


async def test_an_older_observation_is_named_with_the_time_of_the_newer(caller: Caller) -> None:
    await caller.post("spend", MAKERS["spend"](amount=50, observed_at=at(9)), 201)
    late = await caller.post("spend", MAKERS["spend"](amount=100, observed_at=at(8)), 200)
    assert late["status"] == "unchanged"
    assert late["superseded"] == [{"field": "amount", "known_at": at(9)}]
    # The start of a call cannot be moved later: the receipt tells which start the ledger has.
    await caller.post("attempts", MAKERS["attempts"](dialed_at=at(1)), 201)
    moved = await caller.post("attempts", MAKERS["attempts"](dialed_at=at(2), observed_at=at(9)), 200)
    assert moved["superseded"] == [{"field": "dialed_at", "known_at": at(1)}]


async def test_a_sale_taken_back_in_the_same_moment_is_no_goal_any_more(caller: Caller, owner: Owner) -> None:
    """Both codes stay in history, and an earlier disposition that a later one follows can be corrected too."""
    for code, minute in (("SALE", 5), ("CALLBACK", 9), ("NO", 5)):
        await caller.post("dispositions", MAKERS["dispositions"](code=code, set_at=at(minute)))
    rows = await owner.fetch(
        "SELECT code, superseded_at = 'infinity' AS current FROM dispositions_versions"
        " WHERE account_id = $1 ORDER BY set_at, recorded_at",
        caller.account_id,
    )
    assert [tuple(row) for row in rows] == [("SALE", False), ("NO", True), ("CALLBACK", True)]
