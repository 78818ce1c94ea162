"""A dialer delivers to its hook: stored as sent, parsed into the ledger, answered once it is durable."""

import asyncio

import pytest

from tests.conftest import Owner
from tests.hooks.conftest import NewHook, attempts, call, deliveries, dispo


async def test_a_delivery_is_stored_as_sent_and_counts_once_in_the_ledger(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("vicidial", code="main-floor")
    answer = await hook.get(dispo())
    assert (answer.status_code, answer.text != "") == (200, True)
    [row] = await attempts(owner, hook.caller.account_id)
    assert (row["dialer"], row["external_id"], row["talk_ms"]) == ("main-floor", "1772461800.4411-12345", 120_000)
    assert (row["disposition"], row["to_number"]) == ("SALE", "+14155550123")
    [stored] = await deliveries(owner, hook.caller.account_id)
    assert (stored["query"], stored["body"], stored["status"], stored["event"]) == (dispo(), b"", "taken", "dispo")
    assert stored["calls"] == ["1772461800.4411-12345"]

    assert (await hook.get(dispo())).status_code == 200
    [again] = await deliveries(owner, hook.caller.account_id)
    assert (again["id"], again["seen"]) == (stored["id"], 2)
    assert await attempts(owner, hook.caller.account_id) == [row]
    document = await hook.document()
    assert document["deliveries"] == {"taken": 1, "unknown": 0, "unreadable": 0, "rejected": 0, "repeated": 1}
    assert document["last_delivery_at"] is not None


async def test_a_wrong_proof_leaves_a_counter_and_nothing_else(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("twilio")
    assert (await hook.form(call(), secret=None)).status_code == 401
    assert (await hook.form(call(), secret="another secret")).status_code == 403
    assert (await hook.form(call(), secret="another secret")).json()["type"] == "/problems/wrongly-proven"
    assert await deliveries(owner, hook.caller.account_id) == []
    assert await attempts(owner, hook.caller.account_id) == []
    document = await hook.document()
    assert sorted(document["refused"].values()) == [1, 2]
    assert document["last_delivery_at"] is None
    assert (await hook.form(call())).status_code == 200
    assert [row["external_id"] for row in await attempts(owner, hook.caller.account_id)] == ["CA1"]


async def test_simultaneous_deliveries_are_all_stored_once(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("vicidial")
    sent = [hook.get(dispo(f"17724618{number % 20:02}.1")) for number in range(60)]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {200}
    assert len(await attempts(owner, hook.caller.account_id)) == 20
    stored = await deliveries(owner, hook.caller.account_id)
    assert (len(stored), sum(row["seen"] for row in stored)) == (20, 60)


@pytest.mark.parametrize("path", ["vicidial/unknown", "nobody/unknown", "twilio/"])
async def test_an_unknown_address_is_not_found(path: str, new_hook: NewHook) -> None:
    hook = await new_hook("vicidial")
    assert (await hook.caller.client.get(f"/v1/webhooks/{path}")).status_code == 404
    other = hook.path.replace("vicidial", "twilio")
    assert (await hook.caller.client.get(other)).status_code == 404
