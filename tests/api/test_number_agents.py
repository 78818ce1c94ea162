"""No phone number becomes an agent, whatever it is sent with: it is dropped, or refused where it makes no sense."""

from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.make import (
    agent_state,
    appointment,
    attempt,
    disposition,
    employment,
    evaluation,
    follow_up,
    inbound_call,
    lead,
    schedule,
    survey,
)

NUMBER, OWN = "sip:+14155550199@pbx", "4155550123"
TO = {"to_number": "+14155550123"}
PARTS = [{"agent": OWN, "from_at": "2026-03-02T09:00:05Z"}, {"agent": "ada", "from_at": "2026-03-02T09:00:09Z"}]
OUTCOMES = [{"code": "SALE", "agent": NUMBER, "set_at": "2026-03-02T09:05:00Z"}, {"code": "DNC", "agent": "101"}]


async def agents_of(caller: Caller) -> set[str]:
    return {agent["code"] for agent in (await caller.get("agents"))["items"]}


@pytest.mark.parametrize(
    ("path", "item", "agents"),
    [
        ("attempts", attempt(agent=NUMBER, **TO), set[str]()),
        ("attempts", attempt(agent=OWN, **TO), set[str]()),
        ("attempts", attempt(agent="4155550199", **TO), {"4155550199"}),
        ("attempts", attempt(participants=PARTS, **TO), {"ada"}),
        ("attempts", attempt(participants=PARTS[:1], **TO), set[str]()),
        (
            "attempts",
            attempt(disposition={"code": "SALE", "agent": OWN, "set_at": "2026-03-02T09:05:00Z"}, **TO),
            set(),
        ),
        ("attempts", attempt(outcomes=OUTCOMES), {"101"}),
        ("inbound-calls", inbound_call(agent=OWN, from_number="(415) 555-0123"), set[str]()),
        ("inbound-calls", inbound_call(participants=PARTS, outcomes=OUTCOMES), {"ada", "101", OWN}),
        ("dispositions", disposition(agent=NUMBER), set[str]()),
        ("appointments", appointment(agent=NUMBER), set[str]()),
        ("follow-ups", follow_up(agent=NUMBER), set[str]()),
        ("leads", lead(owner=NUMBER), set[str]()),
        ("surveys", survey(agent=NUMBER), set[str]()),
        ("evaluations", evaluation(agent=NUMBER), set[str]()),
    ],
)
async def test_a_number_is_dropped_to_no_agent(
    path: str, item: dict[str, Any], agents: set[str], caller: Caller, owner: Owner
) -> None:
    assert (await caller.post(path, item))["status"] == "created"
    assert await agents_of(caller) == agents
    for table in ("attempts", "inbound_calls", "dispositions", "appointments", "follow_ups", "leads"):
        rows = await owner.fetch(f"SELECT * FROM {table} WHERE account_id = $1", caller.account_id)
        assert not [row for row in rows if NUMBER in row.values() or NUMBER in str(row)]


async def test_an_item_about_an_agent_refuses_a_number(caller: Caller) -> None:
    problem = await caller.post("agent-states", agent_state(NUMBER), 422)
    assert problem["errors"] == [{"pointer": "/agent", "message": "must be an agent, not a phone number"}]
    await caller.put("agents/ada", {})
    assert (await caller.send("PUT", "agents/%2B14155550199", json={})).status_code == 400
    await caller.put("tracking-numbers/+14155550100", {})
    answer = await caller.send(
        "POST", "tracking-numbers/+14155550100/assignments", json={"from_at": "2026-03-01T00:00:00Z", "agent": NUMBER}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/agent")
    assert await agents_of(caller) == {"ada"}


async def test_an_erasure_takes_the_number_out_of_agents_codes_and_keeps_them_apart(
    caller: Caller, owner: Owner
) -> None:
    telling, other = "Ada 415-555-0123", "4155550123 (mobile)"
    await caller.post(
        "attempts",
        [
            attempt("call-1", agent=telling, participants=[{"agent": telling}, {"agent": "bob"}]),
            attempt("call-2", agent=other, outcomes=[{"code": "SALE", "agent": telling}]),
            attempt("call-1", agent="bob", observed_at="2026-03-02T10:00:00Z"),
        ],
    )
    await caller.post("agent-states", agent_state(telling))
    await caller.post("schedules", schedule(telling))
    await caller.post("staff", employment(agent="bob", manager=telling))
    await caller.post("dispositions", disposition("call-2", agent=other))
    await caller.put(f"agents/{telling}", {"merged_into": "bob"})
    before = await caller.get("reports", metrics="attempts", by="agent", **{"from": "2026-03-02", "to": "2026-03-03"})
    erased = await caller.post("erasures", {"phone_number": "+14155550123"}, 201)
    assert erased["agents"] == 2
    codes = await agents_of(caller)
    assert len(codes) == 3
    assert "bob" in codes
    assert sorted(code[:7] for code in codes - {"bob"}) == ["erased-", "erased-"]
    for table in ("attempts", "agent_states", "dispositions", "agents", "schedules", "staff"):
        rows = await owner.fetch(f"SELECT * FROM {table}_versions WHERE account_id = $1", caller.account_id)
        assert rows
        assert "5550123" not in str(rows).replace("-", "")
    after = await caller.get("reports", metrics="attempts", by="agent", **{"from": "2026-03-02", "to": "2026-03-03"})
    values = [sorted(group["cells"]["attempts"]["value"] for group in report["groups"]) for report in (before, after)]
    assert values[0] == values[1]
    assert (await caller.post("erasures", {"phone_number": "+14155550123"}, 200))["status"] == "unchanged"
