"""Unreadable deliveries are stored and answered; the account sees its open tasks, and other accounts see nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.ingest.retention import DELIVERIES, REJECTED_ITEMS, remove_old
from service.platform.db import Pool
from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.hooks.conftest import SECRET, Hooked, NewHook, attempts, call, deliveries, dispo, fields

NUMBER = "4155550123"


async def posted(hook: Hooked, body: bytes, **headers: str) -> int:
    answer = await hook.caller.client.post(
        hook.path, content=body, headers={"Content-Type": "application/json"} | headers
    )
    return answer.status_code


async def to_do(caller: Caller) -> list[tuple[str, str, int]]:
    return [(item["kind"], item["name"], item["count"]) for item in (await caller.get("to-do"))["hooks"]]


async def test_a_truncated_delivery_is_stored_and_answered_so_that_the_dialer_continues(new_hook: NewHook) -> None:
    hook = await new_hook("ringcentral", secret=SECRET)
    proof = {"Verification-Token": SECRET}
    assert await posted(hook, b'{"uuid": "1", "event": "/restapi/v1.0/acc', **proof) == 200
    [stored] = (await hook.caller.get("deliveries", status="unreadable"))["items"]
    assert (stored["hook"], stored["seen"], stored["problem"]["type"]) == (hook.id, 1, "/problems/malformed-body")
    assert stored["body"] == '{"uuid": "1", "event": "/restapi/v1.0/acc'
    assert await to_do(hook.caller) == [("unreadable", "", 1)]


async def test_a_handshake_is_answered_and_leaves_no_delivery(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("ringcentral", secret=SECRET)
    answer = await hook.caller.client.post(hook.path, headers={"Validation-Token": "try-out"})
    assert (answer.status_code, answer.headers["validation-token"]) == (200, "try-out")
    assert await deliveries(owner, hook.caller.account_id) == []


async def test_an_unknown_event_is_stored_and_counted(new_hook: NewHook) -> None:
    hook = await new_hook("vicidial")
    for number in range(3):
        assert (await hook.get(dispo(event="lunch", epoch=str(1772461988 + number)))).status_code == 200
    document = await hook.document()
    assert (document["deliveries"]["unknown"], document["unknown_events"]) == (3, {"lunch": 3})
    assert await to_do(hook.caller) == [("unknown", "lunch", 3)]


async def test_an_item_that_breaks_the_rules_leaves_its_delivery_rejected_and_the_others_are_stored(
    new_hook: NewHook, owner: Owner
) -> None:
    hook = await new_hook("vicidial")
    far = str(int((datetime.now(UTC) + timedelta(days=5000)).timestamp()))
    assert (await hook.get(dispo(dispo="CALLBK", callback_datetime="2099-01-01 00:00:00"))).status_code == 200
    assert (await hook.get(dispo("1772461800.9", epoch=far))).status_code == 200
    part, whole = (await hook.caller.get("deliveries", status="rejected", hook=hook.id))["items"]
    assert [fault["pointer"] for fault in part["problem"]["errors"]] == ["/dispositions/0/callback_at"]
    assert "/attempts/0/observed_at" in {fault["pointer"] for fault in whole["problem"]["errors"]}
    assert [row["external_id"] for row in await attempts(owner, hook.caller.account_id)] == ["1772461800.4411-12345"]
    assert await to_do(hook.caller) == [("rejected", "", 2)]


async def test_only_keys_that_may_see_phone_numbers_see_bodies(new_hook: NewHook, new_caller: NewCaller) -> None:
    hook = await new_hook("vicidial")
    await hook.get(dispo())
    limited = await new_caller(hook.caller.account_id, scopes=["configure"])
    assert NUMBER not in (await limited.send("GET", "deliveries")).text
    assert NUMBER in (await hook.caller.send("GET", "deliveries")).text
    assert (await limited.send("POST", "hooks", json={"dialer": "vicidial", "campaign": "x"})).status_code == 403


async def test_another_account_sees_and_changes_nothing_of_a_hook(new_hook: NewHook, owner: Owner) -> None:
    ours, theirs = await new_hook("vicidial"), await new_hook("vicidial")
    await theirs.get(dispo())
    assert (await ours.caller.get("deliveries"))["items"] == []
    assert [hook["id"] for hook in (await ours.caller.get("hooks"))["items"]] == [ours.id]
    await ours.caller.get(f"hooks/{theirs.id}", 404)
    await ours.caller.delete(f"hooks/{theirs.id}", 404)
    assert (await theirs.get(dispo("1772461800.2"))).status_code == 200
    assert len(await attempts(owner, theirs.caller.account_id)) == 2
    assert await attempts(owner, ours.caller.account_id) == []


async def test_a_closed_hook_accepts_nothing_and_its_deliveries_stay(new_hook: NewHook) -> None:
    hook = await new_hook("vicidial")
    other = await new_hook("vicidial", of=hook.caller)
    await hook.caller.delete(f"hooks/{other.id}")
    assert (await other.get(dispo())).status_code == 404
    assert (await hook.get(dispo())).status_code == 200
    assert (await hook.caller.delete(f"hooks/{hook.id}"))["deliveries"]["taken"] == 1


async def test_a_body_too_large_is_refused_and_counted(new_hook: NewHook) -> None:
    hook = await new_hook("ringcentral", secret=SECRET)
    assert await posted(hook, b"x" * (1024 * 1024 + 1)) == 413
    assert (await hook.document())["refused"] == {"too large": 1}


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({"dialer": "nobody"}, "/dialer"),
        ({"dialer": "twilio"}, "/secret"),
        ({"dialer": "vicidial", "secret": "s"}, "/secret"),
        ({"dialer": "vicidial", "zone": "Mars/Olympus"}, "/zone"),
        ({"dialer": "vicidial", "campaign": ""}, "/campaign"),
    ],
)
async def test_a_hook_that_cannot_work_is_not_created(form: dict[str, Any], place: str, caller: Caller) -> None:
    problem = await caller.post("hooks", {"campaign": "spring", **form}, 422)
    assert [fault["pointer"] for fault in problem["errors"]] == [place]


async def test_a_hook_adds_the_dialers_codes_and_leaves_defined_codes_alone(caller: Caller) -> None:
    await caller.put("disposition-codes/NI", {"name": "ours", "result": "none"})
    await caller.post("hooks", {"dialer": "vicidial", "campaign": "spring"}, 201)
    codes = {code["code"]: code for code in (await caller.get("disposition-codes", limit=1000))["items"]}
    assert (codes["NI"]["name"], codes["NI"]["version"]) == ("ours", 1)
    assert (codes["SALE"]["result"], codes["SALE"]["confirmed"]) == ("sale", True)
    await caller.post("hooks", {"dialer": "vicidial", "campaign": "spring"}, 201)
    assert (await caller.get("disposition-codes/SALE"))["version"] == 1


async def test_old_deliveries_are_removed_and_their_counts_stay(new_hook: NewHook, owner: Owner, pool: Pool) -> None:
    hook = await new_hook("vicidial")
    await hook.get(dispo("1772461800.1"))
    await hook.get(dispo("1772461800.2"))
    old = "UPDATE deliveries SET received_at = now() - interval '31 days' WHERE account_id = $1 AND calls = $2"
    await owner.execute(old, hook.caller.account_id, ["1772461800.1-12345"])
    assert await remove_old(pool, DELIVERIES, 32) == 0
    assert await remove_old(pool, DELIVERIES, 30) == 1
    assert [row["calls"] for row in await deliveries(owner, hook.caller.account_id)] == [["1772461800.2-12345"]]
    assert (await hook.document())["deliveries"]["taken"] == 2
    assert len(await attempts(owner, hook.caller.account_id)) == 2


async def test_old_rejected_items_are_removed(new_hook: NewHook, owner: Owner, pool: Pool) -> None:
    caller = (await new_hook("vicidial")).caller
    await caller.post("attempts", [{"external_id": "old"}, {"external_id": "new"}])
    old = (
        "UPDATE rejected_items SET recorded_at = now() - interval '31 days' WHERE account_id = $1 AND external_id = $2"
    )
    await owner.execute(old, caller.account_id, "old")
    assert await remove_old(pool, REJECTED_ITEMS, 32) == 0
    assert await remove_old(pool, REJECTED_ITEMS, 30) == 1
    assert [item["external_id"] for item in (await caller.get("rejected-items"))["items"]] == ["new"]


async def test_no_delivery_before_or_after_an_erasure_holds_the_person(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("vicidial")
    two = await new_hook("twilio", of=hook.caller)
    await hook.get(dispo())
    await hook.get(dispo("1772461800.2", phone_number="4155550124", lead_id="2"))
    await two.form(call())
    erased = await hook.caller.post("erasures", {"phone_number": f"+1{NUMBER}"}, 201)
    assert (erased["attempts"], erased["deliveries"]) == (2, 2)
    await hook.get(dispo("1772461800.3"))
    await hook.get(dispo("1772461800.3", talk_time="121", phone_number=""))
    await two.form(call("CA2", Timestamp="Mon, 02 Mar 2026 10:00:00 +0000") | fields("Note=hello"))
    stored = await deliveries(owner, hook.caller.account_id)
    assert [row["body"] is None for row in stored] == [True, False, True, True, True, True]
    assert NUMBER not in str(stored)
    assert NUMBER not in str(await attempts(owner, hook.caller.account_id))
    assert (await hook.caller.get("deliveries"))["items"][0]["body"] is None
