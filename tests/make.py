"""Wire items for tests: the smallest valid items, plus the fields of a test.

`None` removes a field, so that a test can omit a usual field.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

Item = dict[str, Any]

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(minutes: float = 0, *, days: int = 0) -> str:
    """A time on the working day of all items, in wire format."""
    return (NINE + timedelta(days=days, minutes=minutes)).isoformat().replace("+00:00", "Z")


def earlier_today(minutes: float) -> str:
    """A time of the last hour and of today; just after midnight, all times lie in the first second of the day."""
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return max(now - timedelta(minutes=minutes), midnight + timedelta(minutes=60 - minutes) / 3_600).isoformat()


def attempt(external_id: str = "call-1", **fields: Any) -> Item:
    return _item({"external_id": external_id, "campaign": "spring", "dialed_at": at()}, fields)


def attempts(count: int, prefix: str = "call", **fields: Any) -> list[Item]:
    return [attempt(f"{prefix}-{number}", **fields) for number in range(count)]


def inbound_call(external_id: str = "call-in-1", **fields: Any) -> Item:
    return _item({"external_id": external_id, "arrived_at": at()}, fields)


def disposition(attempt: str = "call-1", **fields: Any) -> Item:
    return _item({"attempt": attempt, "code": "SALE", "set_at": at(5)}, fields)


def lead(external_id: str = "lead-1", **fields: Any) -> Item:
    return _item({"external_id": external_id, "received_at": at(-30)}, fields)


def appointment(external_id: str = "meeting-1", **fields: Any) -> Item:
    usual = {
        "external_id": external_id,
        "lead": "lead-1",
        "set_at": at(5),
        "scheduled_at": at(days=3),
        "status": "set",
        "status_at": at(5),
    }
    return _item(usual, fields)


def follow_up(external_id: str = "task-1", **fields: Any) -> Item:
    return _item({"external_id": external_id, "lead": "lead-1", "channel": "call", "due_at": at(days=1)}, fields)


def stage_change(external_id: str = "move-1", **fields: Any) -> Item:
    usual = {
        "external_id": external_id,
        "opportunity": "deal-1",
        "lead": "lead-1",
        "stage": "won",
        "changed_at": at(60),
        "amount": 1200,
        "currency": "USD",
    }
    return _item(usual, fields)


def spend(external_id: str = "ads-1", **fields: Any) -> Item:
    usual = {
        "external_id": external_id,
        "source": "web",
        "from_on": "2026-03-02",
        "to_on": "2026-03-02",
        "amount": 50,
        "currency": "USD",
    }
    return _item(usual, fields)


def agent_state(agent: str = "ada", **fields: Any) -> Item:
    return _item({"agent": agent, "state": "talking", "from_at": at(), "to_at": at(5)}, fields)


def case(external_id: str = "case-1", **fields: Any) -> Item:
    return _item({"external_id": external_id, "opened_at": at()}, fields)


def schedule(agent: str = "ada", **fields: Any) -> Item:
    return _item({"agent": agent, "activity": "work", "from_at": at(), "to_at": at(240)}, fields)


def employment(external_id: str = "hr-1", **fields: Any) -> Item:
    usual = {"external_id": external_id, "agent": "ada", "team": "north", "joined_on": "2026-01-01"}
    return _item(usual, fields)


def running_cost(external_id: str = "rent-1", **fields: Any) -> Item:
    usual = {
        "external_id": external_id,
        "from_on": "2026-03-01",
        "to_on": "2026-03-31",
        "amount": 3100,
        "currency": "USD",
    }
    return _item(usual, fields)


def customer(external_id: str = "contract-1", **fields: Any) -> Item:
    usual = {
        "external_id": external_id,
        "lead": "lead-1",
        "since_on": "2026-03-02",
        "value": 250,
        "gross_profit": 150,
        "value_per": "month",
        "currency": "USD",
    }
    return _item(usual, fields)


def survey(external_id: str = "survey-1", **fields: Any) -> Item:
    usual = {"external_id": external_id, "kind": "csat", "asked_at": at(10), "answered_at": at(40), "score": 4}
    return _item(usual, fields)


def form_item(item: str = "greeting", **fields: Any) -> Item:
    return _item({"form": "sales-call", "item": item, "max_points": 5, "observed_at": at()}, fields)


def evaluation(external_id: str = "evaluation-1", **fields: Any) -> Item:
    usual = {
        "external_id": external_id,
        "form": "sales-call",
        "evaluated_at": at(90),
        "evaluator": "quinn",
        "agent": "ada",
        "scores": [{"item": "greeting", "points": 4}],
    }
    return _item(usual, fields)


def shared_call(external_id: str = "coaching-1", **fields: Any) -> Item:
    usual = {"external_id": external_id, "call": "call-1", "team": "north", "manager": "quinn", "shared_at": at(120)}
    return _item(usual, fields)


# The maker of a valid item, by the address that takes it.
MAKERS = {
    "attempts": attempt,
    "inbound-calls": inbound_call,
    "dispositions": disposition,
    "leads": lead,
    "appointments": appointment,
    "follow-ups": follow_up,
    "stage-changes": stage_change,
    "spend": spend,
    "agent-states": agent_state,
    "cases": case,
    "schedules": schedule,
    "staff": employment,
    "running-costs": running_cost,
    "customers": customer,
    "surveys": survey,
    "form-items": form_item,
    "evaluations": evaluation,
    "shared-calls": shared_call,
}


def _item(usual: Item, fields: Item) -> Item:
    return {name: value for name, value in (usual | fields).items() if value is not None}
