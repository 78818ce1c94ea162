"""The dialer that docs/extending.md adds as an example verifies and parses its vendor's deliveries."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.accounts.accounts import Account
from service.dialers import Delivery, Dialer, HookSettings, Refused
from service.hooks.hooks import Hook
from service.hooks.parse import parse_delivery

GUIDE = (Path(__file__).parents[2] / "docs" / "extending.md").read_text()
SENT = {
    "event": "call.ended",
    "id": "7",
    "agent_email": "ada@floor.example",
    "to": "+1 415 555 0123",
    "started": "2026-03-02T09:30:00",
    "ended": "2026-03-02T09:32:31",
    "talk": "134.2",
    "connected": "yes",
}


def test_the_example_is_a_dialer() -> None:
    section = GUIDE.partition("## Adding a dialer")[2].partition("\n## ")[0]
    [code] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    scope: dict[str, Any] = {}
    exec(code, scope)
    dialer: Dialer = scope["DIALER"]
    settings = HookSettings(dialer="main", campaign="spring", zone=ZoneInfo("America/New_York"), secret="known to both")
    received = datetime(2026, 3, 2, 15, tzinfo=UTC)
    body = json.dumps(SENT).encode()
    delivery = Delivery("POST", "?", {"x-ringworm-token": "known to both"}, body, received)
    dialer.verify(delivery, settings)
    with pytest.raises(Refused):
        dialer.verify(Delivery("POST", "?", {"x-ringworm-token": "guessed"}, body, received), settings)
    result = parse_delivery(Hook(1, 1, dialer, settings), delivery, Account(1, "UTC", "US", "USD", {}, 0.0))
    assert (result.status, result.call_ids, result.problem) == ("taken", ["7"], None)
    [(_, row)] = result.entries[0].observations
    assert (row["to_number"], row["said_talk_ms"]) == ("+14155550123", 134_200)
    assert row["dialed_at"] == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
