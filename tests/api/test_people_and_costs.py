"""The named reports of people, costs and customers, from what was posted to the rows behind a number."""

from typing import Any

from tests.api.conftest import Caller
from tests.make import agent_state, at, attempt, customer, employment, lead, running_cost, schedule

MONDAY = {"from": "2026-03-02", "to": "2026-03-03"}
MARCH = {"from": "2026-03-01", "to": "2026-04-01"}


def value(report: dict[str, Any], metric: str) -> Any:
    return report["total"][metric]["value"]


async def test_a_monday_of_people_is_reported_by_team_and_as_it_was_known(caller: Caller) -> None:
    await caller.put("agents/ada", {"team": "north"}, 201)
    await caller.stream("schedules", [schedule(), schedule("bo", observed_at=at())])
    await caller.post("staff", [employment(), employment("hr-2", agent="bo", left_on="2026-03-02", voluntary=False)])
    await caller.post("agent-states", agent_state(state="waiting", from_at=at(60), to_at=at(240)))
    report = await caller.get("reports/people", by="team", **MONDAY)
    assert [group["group"]["team"] for group in report["groups"]] == ["north", None]
    # Of eight hours three were kept; two were employed, and one left: 1 over 2/31 of a month, times twelve.
    assert value(report, "schedule_adherence") == 3 / 8
    assert value(report, "schedule_conformance") == 3 / 8
    assert round(value(report, "attrition"), 6) == 31 * 12 / 2
    assert value(report, "voluntary_attrition") == 0
    then = (await caller.get("reports/people", **MONDAY))["as_of"]
    # The plan of Bo is taken back, and Bo stays.
    await caller.post("schedules", schedule("bo", activity="off", observed_at=at(1)), 200)
    await caller.post("staff", employment("hr-2", agent="bo", left_on="2026-12-31", observed_at=at()), 200)
    now = await caller.get("reports/people", **MONDAY)
    assert (value(now, "schedule_adherence"), value(now, "leavers")) == (3 / 4, 0)
    before = await caller.get("reports/people", as_of=then, **MONDAY)
    assert (value(before, "schedule_adherence"), value(before, "leavers")) == (3 / 8, 1)
    rows = await caller.get("reports/rows", metric="scheduled_hours", **MONDAY)
    assert (rows["total"], sum(row["adds"] for row in rows["items"])) == (4, 4)


async def test_running_costs_are_shared_and_divided_by_calls(caller: Caller) -> None:
    await caller.post("staff", [employment(), employment("hr-2", agent="bo", team="south")])
    await caller.post("running-costs", [running_cost(), running_cost("pay", team="north", amount=62)])
    answered = {"network_result": "answered", "answered_by": "human", "handled": "agent", "agent": "ada"}
    await caller.post("attempts", [attempt(f"call-{number}", **answered) for number in range(4)])
    report = await caller.get("reports/cost", by="day", **MONDAY)
    # 3,100 and 62 over 31 days.
    assert (value(report, "running_cost"), value(report, "cost_per_call")) == (102, 25.5)
    by_team = await caller.get("reports", metrics="running_cost", by="team", **MARCH)
    teams = {group["group"]["team"]: group["cells"]["running_cost"]["value"] for group in by_team["groups"]}
    assert teams == {"north": 1550 + 62, "south": 1550}
    # No agent is configured to be in the south.
    assert value(await caller.get("reports", metrics="running_cost", team="south", **MARCH), "running_cost") == 1550
    # No agent has a cost of their own.
    by_agent = await caller.get("reports/cost", by="agent", **MONDAY)
    assert {group["cells"]["cost_per_call"]["value"] for group in by_agent["groups"]} == {None}


async def test_customers_are_reported_by_the_source_of_their_leads(caller: Caller) -> None:
    await caller.post("leads", [lead(source="web"), lead("lead-2", source="fair")])
    contracts = [
        customer(since_on="2026-01-01"),
        customer("contract-2", since_on="2026-01-01", until_on="2026-03-15"),
        customer("contract-3", lead="lead-2", since_on="2026-03-10", value_per="sale", value=900, gross_profit=300),
    ]
    await caller.post("customers", contracts)
    report = await caller.get("reports/customers", by="source", **MARCH)
    cells = {group["group"]["source"]: group["cells"] for group in report["groups"]}
    churn = cells["web"]["customer_churn"]
    assert (churn["numerator"], churn["denominator"]) == (1, 2)
    assert cells["fair"]["customer_churn"]["value"] is None
    # 250 and 250 x 15/31; 150 a month over the days as a customer; half stay after 2 months and 15 days.
    assert round(cells["web"]["customer_revenue"]["value"], 9) == 370.96
    months = 2 + 15 / 31
    assert round(cells["web"]["customer_lifetime_value"]["value"], 1) == round(150 * (months + (3 - months) / 2), 1)
    assert value(report, "new_customers") == 1
    rows = await caller.get("reports/rows", metric="lost_customers", **MARCH)
    assert [row["customer"] for row in rows["items"]] == ["contract-2"]
