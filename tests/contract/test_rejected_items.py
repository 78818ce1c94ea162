"""What could not be taken is kept as it was sent, listed, mended and settled."""

import orjson

from tests.contract.conftest import Caller, NewCaller
from tests.contract.problems import refused
from tests.make import attempt


async def test_a_rejected_item_is_kept_listed_mended_and_settled(caller: Caller) -> None:
    sent = attempt("call-9", to_number="+14155550123", dialed_at="2026-03-02T09:00:00")
    first = (await caller.post("attempts", [attempt("call-8"), sent])).json()["receipts"][1]
    [rejected] = (await caller.get("rejected-items"))["items"]
    assert (rejected["resource"], rejected["item_index"], rejected["external_id"]) == ("attempts", 1, "call-9")
    assert rejected["item"] == sent, "as it was sent"
    assert rejected["problem"] == first["problem"]
    assert (await caller.get("to-do"))["rejected_items"] == 1

    address = f"/v1/rejected-items/{rejected['id']}/resubmit"
    refused(await caller.send("POST", address), 422, "invalid-item", "/dialed_at")
    worse = sent | {"dialed_at": "2026-03-02T09:00:00Z", "talk_seconds": -1}
    refused(await caller.send("POST", address, json=worse), 422, "invalid-item", "/talk_seconds")
    listed = (await caller.get("rejected-items"))["items"]
    assert [item["item"].get("talk_seconds") for item in listed] == [None, None, -1], "each try is kept"

    mended = await caller.send("POST", address, json=sent | {"dialed_at": "2026-03-02T09:00:00Z"})
    assert (mended.status_code, mended.json()["status"]) == (201, "created")
    again = await caller.send("POST", address, json=sent | {"dialed_at": "2026-03-02T09:00:00Z"})
    assert (again.status_code, again.json()["status"]) == (200, "unchanged")
    assert rejected["id"] not in [item["id"] for item in (await caller.get("rejected-items"))["items"]]


async def test_rejected_items_are_listed_by_resource_and_page(caller: Caller) -> None:
    await caller.post("attempts", [{"external_id": f"call-{number}"} for number in range(5)])
    await caller.post("leads", [{"external_id": "lead-1"}])
    page = await caller.get("rejected-items", resource="attempts", limit=3)
    rest = await caller.get("rejected-items", resource="attempts", limit=3, after=page["next"])
    assert [item["external_id"] for item in page["items"] + rest["items"]] == [f"call-{n}" for n in range(5)]
    assert rest["next"] is None
    assert len((await caller.get("rejected-items"))["items"]) == 6


async def test_a_line_that_is_no_json_is_kept_byte_for_byte(caller: Caller) -> None:
    line = b'{"external_id": "call-1", "campaign":'
    stream = (await caller.raw("attempts", line + b"\n\n  \n[]\n", "application/x-ndjson")).text
    assert stream.endswith('{"created":0,"updated":0,"unchanged":0,"rejected":2}\n')
    assert [item["item"] for item in (await caller.get("rejected-items"))["items"]] == [line.decode(), []]


async def test_only_keys_that_may_see_phone_numbers_get_the_items(caller: Caller, new_caller: NewCaller) -> None:
    sent = attempt("call-9", to_number="+14155550123", dialed_at="yesterday")
    await caller.post("attempts", [sent])
    manager = await new_caller(caller.account_id, scopes=["configure"])
    [hidden] = (await manager.get("rejected-items"))["items"]
    assert (hidden["external_id"], hidden["item"], hidden["item_bytes"]) == ("call-9", None, len(orjson.dumps(sent)))
    assert hidden["problem"]["errors"][0]["pointer"] == "/dialed_at"
    seeing = await new_caller(caller.account_id, scopes=["configure", "phone-numbers"])
    assert [item["item"] for item in (await seeing.get("rejected-items"))["items"]] == [sent]


async def test_large_items_are_listed_without_their_content_and_pages_stay_small(caller: Caller) -> None:
    large = attempt("call-1", note="x" * 70_000)
    await caller.post("attempts", [large])
    [listed] = (await caller.get("rejected-items"))["items"]
    assert (listed["item"], listed["item_bytes"]) == (None, len(orjson.dumps(large)))
    refused(await caller.send("POST", f"/v1/rejected-items/{listed['id']}/resubmit"), 422, "invalid-item", "")

    medium = [attempt(f"call-{number}", talk_seconds=-1, note="x" * 60_000) for number in range(2, 102)]
    await caller.post("attempts", medium)
    seen, after, pages = list[str](), listed["id"], 0
    while after is not None:
        answer = await caller.send("GET", "/v1/rejected-items", params={"limit": 1_000, "after": after})
        assert len(answer.content) < 4_400_000
        seen += [item["external_id"] for item in answer.json()["items"]]
        after, pages = answer.json()["next"], pages + 1
    assert (seen, pages) == ([item["external_id"] for item in medium], 2)


async def test_a_number_in_an_id_or_a_field_name_is_masked_too(caller: Caller, new_caller: NewCaller) -> None:
    wrong = {"+1 415 555 0123": "x", "attributes": {"4155550123": {}}, "received_at": "yesterday"}
    for external_id in ("+14155550123", "tel:4155550123", "(415) 555-0123", "4711000815"):
        await caller.post("leads", [{"external_id": external_id, **wrong}])
    manager = await new_caller(caller.account_id, scopes=["configure"])
    hidden = (await manager.get("rejected-items"))["items"]
    assert [item["external_id"] for item in hidden] == ["[number]", "tel:[number]", "[number]", "4711000815"]
    pointers = {fault["pointer"] for item in hidden for fault in item["problem"]["errors"]}
    assert pointers == {"/received_at", "/[number]", "/attributes/[number]"}
    seeing = await new_caller(caller.account_id, scopes=["configure", "phone-numbers"])
    shown = (await seeing.get("rejected-items"))["items"]
    assert shown[0]["external_id"] == "+14155550123"
    assert "/+1 415 555 0123" in [fault["pointer"] for fault in shown[0]["problem"]["errors"]]
