"""Items that the ledger can only reject: the errors of spreadsheets, wrong clocks and hurried scripts."""

from service.sandbox.live.items import Item
from service.sandbox.scenario.instants import DAY, HOUR, MINUTE, moment_of, wire_time


def rejects(start: int, until: int) -> dict[str, list[Item]]:
    """The items of each resource that will be rejected, each for one reason of its own."""
    at = (start + until) // 2
    return {
        "leads": _leads(at),
        "attempts": _attempts(at, until),
        "dispositions": [{"dialer": "ringline-us", "attempt": "call-0000000002", "set_at": wire_time(at)}],
        "appointments": [_appointment(at)],
        "spend": [_spend(at)],
        "agent-states": [{"agent": "h-tanaka", "state": "smoking", "from_at": wire_time(at)}],
    }


def _leads(at: int) -> list[Item]:
    lead: Item = {"received_at": wire_time(at), "source": "list", "campaign": "battery-us"}
    without_offset = wire_time(at).removesuffix("Z")
    return [
        lead | {"external_id": "sheet-1", "phone_number": 2125550199},  # a spreadsheet made it a number
        lead | {"external_id": "sheet-2", "phone_number": 2.125550198},
        lead | {"external_id": "sheet-3", "received_at": without_offset},  # nine o'clock in which zone?
        lead | {"external_id": "sheet-4", "phone": "+12125550197"},  # a field that the API does not have
    ]


def _attempts(at: int, until: int) -> list[Item]:
    call: Item = {"dialer": "ringline-us", "campaign": "solar-us", "dialed_at": wire_time(at)}
    return [
        call | {"external_id": "skewed-1", "dialed_at": wire_time(until + 365 * DAY)},  # the year was typed wrong
        call | {"external_id": "skewed-2", "ended_at": wire_time(at - HOUR)},
        call | {"external_id": "skewed-3", "wrap_seconds": -4},
        call | {"external_id": "skewed-4", "ended_at": wire_time(at + MINUTE), "hold_seconds": 4000},
    ]


def _appointment(at: int) -> Item:
    return {
        "external_id": "visit-by-hand",
        "lead": "lead-0000000001",
        "set_at": wire_time(at),
        "scheduled_at": wire_time(at + DAY),
        "status": "done",
        "status_at": wire_time(at + DAY),
    }


def _spend(at: int) -> Item:
    on = moment_of(at).date().isoformat()
    return {"external_id": "bill-7", "source": "search", "from_on": on, "to_on": on, "amount": "1,240.50",
            "currency": "USD"}  # fmt: skip
