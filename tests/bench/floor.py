"""The attempts the benchmarks send: every call new, people called four times each, numbers reserved for fiction."""

from datetime import UTC, datetime, timedelta
from typing import Any

PEOPLE_SHARE = 4
_START = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
# Ninety days of dialling.
_SPAN = 11_000_000
_AREAS = [f"{area}" for area in range(201, 990) if area % 100 != 11]


def attempt(number: int, people: int) -> dict[str, Any]:
    """One finished attempt in the wire format."""
    person = number % people
    dialed_at = _START + timedelta(milliseconds=700 * (number % _SPAN))
    item: dict[str, Any] = {
        "external_id": f"call-{number:09d}",
        "campaign": f"campaign-{number % 12}",
        "agent": f"agent-{number % 60}",
        "lead": f"lead-{person}",
        "to_number": f"+1{_AREAS[person % len(_AREAS)]}555{person // len(_AREAS) % 10_000:04d}",
        "from_number": f"+12125550{100 + number % 40}",
        "dialed_at": _text(dialed_at),
        "ended_at": _text(dialed_at + timedelta(seconds=20 + number % 300)),
        "ring_seconds": 6.5,
        "network_result": "answered" if number % 3 == 0 else "no_answer",
    }
    if number % 3 == 0:
        item |= {"talk_seconds": 10.0 + number % 300, "answered_by": "human", "handled": "agent"}
        item |= {"disposition": {"code": "SALE" if number % 60 == 0 else "NOT_INTERESTED"}}
    return item


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
