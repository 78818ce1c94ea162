"""CloudTalk's open points: deliveries without a number or a time, and variables that stay empty."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.dialers import Delivery, dialers
from tests.dialers.deliveries import ADDRESS, RECEIVED_AT, hook_of

CLOUDTALK = dialers()["cloudtalk"]
HOOK = hook_of("cloudtalk")


def delivered(**body: Any) -> Delivery:
    content = json.dumps({"call_id": 52001, "direction": "outgoing", **body}).encode()
    return Delivery("POST", ADDRESS.format(dialer="cloudtalk"), {}, content, RECEIVED_AT)


@pytest.mark.parametrize(("action", "same"), [("modified", False), ("call_modified", False), ("ended", True)])
def test_a_tag_that_is_set_again_is_no_repetition(action: str, same: bool) -> None:
    first = delivered(action=action, tags="Won")
    later = replace(first, received_at=RECEIVED_AT + timedelta(seconds=1))
    assert (CLOUDTALK.delivery_key(later) == CLOUDTALK.delivery_key(first)) is same


@pytest.mark.parametrize(
    ("tags", "codes"),
    [
        ("Won", ["Won"]),
        (" Won , Won,,Spanish", ["Spanish", "Won"]),
        ([{"name": "Won", "id": 1}, {"label": "Spanish"}, {"id": 2}, 7], ["Spanish", "Won"]),
        ("", []),
        (None, []),
        ("null", []),
        ([], []),
        ("{{tags}}", None),
        ("undefined", None),
    ],
)
def test_a_change_names_all_tags_or_says_nothing_of_them(tags: Any, codes: list[str] | None) -> None:
    event = CLOUDTALK.parse(delivered(action="modified", tags=tags, note="A note."), HOOK)
    outcomes = event.attempts[0].get("outcomes")
    assert (None if outcomes is None else [outcome["code"] for outcome in outcomes]) == codes


def test_a_call_ended_before_the_wrap_up() -> None:
    event = CLOUDTALK.parse(delivered(action="ended", talking_time="60", waiting_time="10", wrapup_time="20"), HOOK)
    times = {name: event.attempts[0][name] for name in ("dialed_at", "answered_at", "ended_at")}
    assert times == {
        "dialed_at": "2026-06-01T11:58:30Z",
        "answered_at": "2026-06-01T11:58:40Z",
        "ended_at": "2026-06-01T11:59:40Z",
    }
