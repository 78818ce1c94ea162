"""What stands in an address or a query is checked like a body, and reaches no other account."""

import pytest

from tests.contract.conftest import Caller, NewCaller
from tests.contract.problems import refused
from tests.make import attempt

# Configuration -------------------------------------------------------------------------------------------------------


async def test_configuration_names_its_faults(caller: Caller) -> None:
    body = {"zone": "Mars/Olympus", "region": "usa", "starts_on": "2026-03-02", "ends_on": "2026-03-01", "x": 1}
    answer = await caller.send("PUT", "/v1/campaigns/spring", json=body)
    refused(answer, 422, "invalid-item", "/region", "/zone", "/x")
    assert "Mars" not in answer.text
    del body["zone"], body["region"], body["x"]
    refused(await caller.send("PUT", "/v1/campaigns/spring", json=body), 422, "invalid-item", "/ends_on")
    answer = await caller.send("PUT", "/v1/agents/ada", json={"merged_into": "nobody"})
    refused(answer, 422, "invalid-item", "/merged_into")
    body = {"from_at": "2026-03-02T00:00:00Z", "to_at": "2026-03-01T00:00:00Z"}
    answer = await caller.send("POST", "/v1/tracking-numbers/+14155550100/assignments", json=body)
    refused(answer, 422, "invalid-item", "/to_at")


async def test_a_number_has_one_owner_at_a_time(caller: Caller) -> None:
    address = "/v1/tracking-numbers/+14155550100/assignments"
    later = {"from_at": "2026-04-01T00:00:00Z", "source": "web"}
    refused(await caller.send("POST", address, json=later), 404, "not-found", "number")
    assert (await caller.send("POST", f"{address}?create=true", json=later)).status_code == 201
    sooner = {"from_at": "2026-03-01T00:00:00Z", "source": "radio"}
    refused(await caller.send("POST", address, json=sooner), 409, "already-assigned")


@pytest.mark.parametrize("code", ["%00", "%20ada", "ada%0A", "%ff", "%ED%A0%80", "a" * 201])
async def test_a_code_that_cannot_be(code: str, caller: Caller) -> None:
    for path in ("agents", "campaigns", "sources", "disposition-codes"):
        refused(await caller.send("PUT", f"/v1/{path}/{code}", json={}), 400, "invalid-parameter", "code")
        refused(await caller.send("GET", f"/v1/{path}/{code}"), 400, "invalid-parameter", "code")


@pytest.mark.parametrize("code", ["a/b", "/", "a//b/", "a%2Fb", "100%", "a?b#c", "é😀", "a b", ".hidden", "%zz"])
async def test_any_other_code_can_be_addressed(code: str, caller: Caller) -> None:
    """A dialer's campaign may hold a slash, and has to be confirmed like any other."""
    await caller.post("attempts", attempt(campaign=code))
    address = "/v1/campaigns/" + "".join(f"%{byte:02x}" for byte in code.encode())
    put = await caller.send("PUT", address, json={"name": "Spring"})
    assert (put.status_code, put.json()["status"], put.json()["code"]) == (200, "updated", code)
    assert (await caller.send("GET", address)).json()["name"] == "Spring"
    assert [item["code"] for item in (await caller.get("campaigns"))["items"]] == [code]


@pytest.mark.parametrize("number", ["anonymous", "+", "+abc", "%00", "+1415%00", "%ff", "1" * 300, "204"])
async def test_a_tracking_number_that_is_none(number: str, caller: Caller) -> None:
    address = f"/v1/tracking-numbers/{number}"
    for method in ("GET", "PUT"):
        refused(await caller.send(method, address, json={}), 400, "invalid-parameter", "number")
    body = {"from_at": "2026-03-01T00:00:00Z"}
    refused(await caller.send("POST", f"{address}/assignments", json=body), 400, "invalid-parameter", "number")


async def test_moments_in_an_address(caller: Caller) -> None:
    address = "/v1/tracking-numbers/+14155550100/assignments/"
    for moment in ("2026-03-01", "2026-03-01T00:00:00", "noon", "%00", "1969-01-01T00:00:00Z"):
        refused(await caller.send("DELETE", address + moment), 400, "invalid-parameter", "from_at")
    answer = await caller.send("DELETE", address + "2026-03-01T00:00:00Z")
    refused(answer, 404, "not-found", "from_at")


BAD_PARAMETERS = {
    "agents?limit=0": "limit",
    "agents?limit=1001": "limit",
    "agents?limit=ten": "limit",
    "agents?limit=": "limit",
    "agents?limit=1&limit=2": "limit",
    "agents?confirmed=maybe": "confirmed",
    "agents?confirmed=null": "confirmed",
    "agents?confirmed=true&confirmed=true": "confirmed",
    "agents?after=%00": "after",
    "agents?after=%20x": "after",
    "tracking-numbers?limit=-1": "limit",
    "rejected-items?after=-1": "after",
    f"rejected-items?after={10**30}": "after",
    "rejected-items?resource=calls": "resource",
    "rejected-items?resource=%00": "resource",
}


@pytest.mark.parametrize(("address", "name"), BAD_PARAMETERS.items())
async def test_a_parameter_that_cannot_be_used(address: str, name: str, caller: Caller) -> None:
    refused(await caller.send("GET", f"/v1/{address}"), 400, "invalid-parameter", name)


async def test_a_report_repeats_no_number(caller: Caller) -> None:
    answer = await caller.send("GET", "/v1/reports/outbound?tracking_number=%2B14155550123")
    refused(answer, 400, "invalid-parameter", "tracking_number")
    assert "555" not in answer.text


async def test_ids_that_are_none(caller: Caller) -> None:
    for item in ("0", "-1", str(10**30)):
        answer = await caller.send("POST", f"/v1/rejected-items/{item}/resubmit")
        refused(answer, 400, "invalid-parameter", "item_id")
    refused(await caller.send("POST", "/v1/rejected-items/one/resubmit"), 404, None)
    refused(await caller.send("POST", f"/v1/rejected-items/{2**62}/resubmit"), 404, "not-found")


# Accounts ------------------------------------------------------------------------------------------------------------


async def test_what_belongs_to_another_account_does_not_exist(new_caller: NewCaller) -> None:
    mine, other = await new_caller(), await new_caller()
    for path in ("agents/ada", "campaigns/spring", "sources/web", "disposition-codes/SALE"):
        assert (await other.send("PUT", f"/v1/{path}", json={"name": "theirs"})).status_code == 201
    await other.send("PUT", "/v1/tracking-numbers/+14155550100", json={})
    await other.post("attempts", [attempt("theirs", agent="ada", source="web"), attempt("theirs", campaign=None)])
    theirs = (await other.get("rejected-items"))["items"][0]["id"]

    for path in ("agents/ada", "campaigns/spring", "sources/web", "disposition-codes/SALE"):
        refused(await mine.send("GET", f"/v1/{path}"), 404, "not-found")
        assert (await mine.get(path.split("/")[0]))["items"] == []
    refused(await mine.send("GET", "/v1/tracking-numbers/+14155550100"), 404, "not-found")
    refused(await mine.send("POST", f"/v1/rejected-items/{theirs}/resubmit"), 404, "not-found")
    assert (await mine.get("rejected-items"))["items"] == []
    assert (await mine.get("to-do")) == {
        "unconfirmed": [],
        "rejected_items": 0,
        "unseen": {"leads": 0, "attempts": 0, "inbound_calls": 0},
        "silent_dialers": [],
        "long_talks": [],
        "retired_numbers": [],
        "hooks": [],
    }

    receipt = (await mine.post("attempts", attempt("theirs", agent="ada"))).json()
    assert receipt["status"] == "created", "the same id is another attempt in another account"
    assert (await mine.send("GET", "/v1/agents/ada")).json()["confirmed"] is False
    assert (await other.send("GET", "/v1/agents/ada")).json()["confirmed"] is True
