"""Customers: what an erasure takes of them, whenever it comes, and what it leaves."""

from typing import Any

from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.ledger import broken_histories
from tests.make import at, customer, lead

NUMBER = "+14155550123"


async def reasons(owner: Owner, caller: Caller) -> list[tuple[Any, ...]]:
    query = (
        "SELECT external_id, reason, value::float FROM customers_versions WHERE account_id = $1 ORDER BY 1, recorded_at"
    )
    return [tuple(row) for row in await owner.fetch(query, caller.account_id)]


async def test_an_erasure_takes_the_reason_from_every_version_and_lets_none_back(caller: Caller, owner: Owner) -> None:
    await caller.post("leads", lead(phone_number=NUMBER), 201)
    left = customer(until_on="2026-03-31", reason="Mrs Hopper was unhappy", observed_at=at())
    await caller.post("customers", left, 201)
    await caller.post("customers", left | {"value": 300, "observed_at": at(1)}, 200)
    others = [
        customer("contract-2", lead="lead-2", reason="ask 415 555-0123"),
        customer("contract-3", lead=None, reason="too dear"),
    ]
    await caller.post("customers", others)
    erased = await caller.post("erasures", {"phone_number": NUMBER}, 201)
    assert erased["customers"] == 2
    assert await reasons(owner, caller) == [
        ("contract-1", None, 250),
        ("contract-1", None, 300),
        ("contract-2", None, 250),
        ("contract-3", "too dear", 250),
    ]
    assert (await caller.post("customers", left, 200))["status"] == "unchanged"
    # A contract that comes later, and one of which the lead is told later.
    await caller.post("customers", customer("contract-4", reason="Hopper"), 201)
    await caller.post("customers", customer("contract-3", observed_at=at(5)), 200)
    assert {(name, reason) for name, reason, _ in await reasons(owner, caller)} == {
        (f"contract-{number}", None) for number in range(1, 5)
    }
    assert (await caller.post("erasures", {"phone_number": NUMBER}, 200))["status"] == "unchanged"
    assert await broken_histories(owner, caller.account_id) == []


async def test_the_reason_goes_when_a_lead_turns_out_to_be_an_erased_person(caller: Caller, owner: Owner) -> None:
    await caller.post("leads", lead(phone_number=NUMBER), 201)
    await caller.post("erasures", {"phone_number": NUMBER}, 201)
    await caller.post("customers", customer(lead="lead-9", reason="Hopper moved"), 201)
    await caller.post("leads", lead("lead-9", phone_number=NUMBER), 201)
    assert await reasons(owner, caller) == [("contract-1", None, 250)]
