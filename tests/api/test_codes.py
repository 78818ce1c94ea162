"""Codes nobody has configured yet: they never lose a call, and they wait for a person."""

from typing import Any

import pytest

from tests.api.conftest import Caller, NewCaller
from tests.make import agent_state, at, attempt, attempts, disposition, lead, spend

KINDS = ("campaigns", "sources", "agents", "disposition-codes")


async def waiting(caller: Caller) -> dict[tuple[str, str], int]:
    """The codes nobody has confirmed, with the attempts that use them."""
    return {(code["kind"], code["code"]): code["attempts"] for code in (await caller.get("to-do"))["unconfirmed"]}


async def test_unknown_codes_are_taken_counted_and_listed_the_most_used_first(caller: Caller) -> None:
    await caller.post(
        "attempts", attempts(3, agent="ada", source="web", disposition={"code": "SALE"}, campaign="spring")
    )
    await caller.post("attempts", attempt("call-9", agent="bob", campaign="spring"))
    waiting_codes = await waiting(caller)
    assert waiting_codes == {
        ("campaigns", "spring"): 4,
        ("agents", "ada"): 3,
        ("disposition-codes", "SALE"): 3,
        ("sources", "web"): 3,
        ("agents", "bob"): 1,
    }
    assert list(waiting_codes.values()) == sorted(waiting_codes.values(), reverse=True)
    code = await caller.get("disposition-codes/SALE")
    assert (code["result"], code["confirmed"]) == ("unmapped", False)


async def test_every_field_that_names_a_code_makes_it_known(caller: Caller) -> None:
    items: list[tuple[str, dict[str, Any]]] = [
        (
            "attempts",
            attempt(participants=[{"agent": "part", "role": "closer"}], disposition={"code": "A", "agent": "chose"}),
        ),
        ("dispositions", disposition(code="B", agent="set")),
        ("leads", lead(source="form", campaign="inbound", owner="owns")),
        ("spend", spend(source="ads", campaign="paid")),
        ("agent-states", agent_state("sits")),
    ]
    for path, item in items:
        await caller.post(path, item, 201)
    await caller.put("campaigns/planned", {"source": "fair"}, 201)
    assert set(await waiting(caller)) == {
        ("campaigns", "spring"),
        ("campaigns", "inbound"),
        ("campaigns", "paid"),
        ("sources", "form"),
        ("sources", "ads"),
        ("sources", "fair"),
        ("agents", "part"),
        ("agents", "chose"),
        ("agents", "set"),
        ("agents", "owns"),
        ("agents", "sits"),
        ("disposition-codes", "A"),
        ("disposition-codes", "B"),
    }


@pytest.mark.parametrize("kind", KINDS)
async def test_putting_a_code_confirms_it(kind: str, caller: Caller) -> None:
    await caller.post("attempts", attempt(campaign="x", source="x", agent="x", disposition={"code": "x"}))
    assert (kind, "x") in await waiting(caller)
    assert [code["code"] for code in (await caller.get(kind, confirmed="false"))["items"]] == ["x"]
    put = await caller.put(f"{kind}/x", {"name": "Known"}, 200)
    assert (put["status"], put["confirmed"]) == ("updated", True)
    assert (kind, "x") not in await waiting(caller)
    assert (await caller.get(kind, confirmed="false"))["items"] == []
    assert [code["code"] for code in (await caller.get(kind, confirmed="true"))["items"]] == ["x"]


async def test_leads_and_attempts_known_only_by_hearsay_are_counted_until_they_are_told(caller: Caller) -> None:
    await caller.post("attempts", attempt(lead="lead-1"))
    await caller.post("dispositions", disposition("call-2"))
    assert (await caller.get("to-do"))["unseen"] == {"leads": 1, "attempts": 1, "inbound_calls": 0}
    assert (await caller.post("leads", lead("lead-1"), 201))["status"] == "created"
    assert (await caller.post("attempts", attempt("call-2"), 201))["status"] == "created"
    assert (await caller.get("to-do"))["unseen"] == {"leads": 0, "attempts": 0, "inbound_calls": 0}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_code_can_be_merged_into_another_but_never_into_a_chain(kind: str, caller: Caller) -> None:
    async def refused(code: str, into: str) -> None:
        problem = await caller.put(f"{kind}/{code}", {"merged_into": into}, 422)
        assert [fault["pointer"] for fault in problem["errors"]] == ["/merged_into"]

    for code in ("one", "two", "three"):
        await caller.put(f"{kind}/{code}", {}, 201)
    await refused("one", "one")
    await refused("one", "nowhere")
    assert (await caller.put(f"{kind}/two", {"merged_into": "one"}, 200))["merged_into"] == "one"
    await refused("three", "two")
    # Nor from the other end: what others are merged into cannot itself be merged.
    await refused("one", "three")
    # Taking the first merge back opens the way.
    await caller.put(f"{kind}/two", {}, 200)
    await caller.put(f"{kind}/one", {"merged_into": "three"}, 200)


async def test_a_code_of_another_account_is_not_there_to_merge_into(caller: Caller, new_caller: NewCaller) -> None:
    other = await new_caller()
    await other.put("agents/ada", {}, 201)
    await caller.put("agents/ada-l", {"merged_into": "ada"}, 422)


async def test_codes_are_the_senders_own_strings_byte_for_byte(caller: Caller) -> None:
    codes = ["Ä", "ä", "A", "a b", "🙂", "x" * 200, "1", "null", "a'b\"c\\d", "%", "été"]
    items = [attempt(f"call-{place}", agent=code) for place, code in enumerate(codes)]
    assert (await caller.post("attempts", items))["created"] == len(codes)
    listed = [agent["code"] for agent in (await caller.get("agents", limit=1000))["items"]]
    assert listed == sorted(codes, key=str.encode)


async def test_a_list_is_read_page_by_page(caller: Caller) -> None:
    await caller.post("attempts", [attempt(f"call-{n}", agent=f"agent-{n}", dialed_at=at(n)) for n in range(7)])
    seen: list[str] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        page = await caller.get("agents", after=page["next"], limit=3)
        seen += [agent["code"] for agent in page["items"]]
    assert seen == [f"agent-{n}" for n in range(7)]
