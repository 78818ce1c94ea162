"""CallRail's changes: what users take away, what has no time, and what may be stored."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.dialers import Delivery, Item, dialers
from tests.dialers.deliveries import ADDRESS, RECEIVED_AT, hook_of

CALLRAIL = dialers()["callrail"]
CALL = {
    "resource_id": "CALb1",
    "direction": "outbound",
    "answered": True,
    "duration": "100",
    "start_time": "2026-05-04T10:00:00-05:00",
    "customer_phone_number": "+13125550148",
    "tags": [],
    "lead_status": "",
}


def delivered(event: str = "outbound-post-call", **fields: Any) -> Delivery:
    url = f"{ADDRESS.format(dialer='callrail')}?event={event}"
    return Delivery("POST", url, {}, json.dumps({**CALL, **fields}).encode(), RECEIVED_AT)


def changed(*names: str, **fields: Any) -> Delivery:
    return delivered("outbound-call-modified", changes=names, **fields)


def attempt(delivery: Delivery) -> Item:
    [item] = CALLRAIL.parse(delivery, hook_of("callrail")).attempts
    return item


def test_all_tags_and_the_lead_status_are_the_outcomes_once_each() -> None:
    item = attempt(delivered(tags=["zebra", "good_lead"], lead_status="good_lead"))
    assert item["outcomes"] == [{"code": "zebra"}, {"code": "good_lead"}]
    assert item["outcomes_at"] == "2026-05-04T15:01:40Z"
    assert attempt(delivered(tags=[{"name": "zebra"}, {"name": "lion"}]))["outcomes"] == [
        {"code": "zebra"},
        {"code": "lion"},
    ]


def test_a_body_without_tags_and_lead_status_says_nothing_about_outcomes() -> None:
    body = {name: value for name, value in CALL.items() if name not in {"tags", "lead_status"}}
    delivery = replace(delivered(), body=json.dumps(body).encode())
    assert not {"outcomes", "outcomes_at"} & attempt(delivery).keys()


def test_a_change_states_the_outcomes_from_its_arrival() -> None:
    assert attempt(changed("tags", tags=[]))["outcomes"] == []
    assert attempt(changed("tags", tags=[]))["outcomes_at"] == "2026-06-01T12:00:00Z"


def test_a_change_of_something_else_leaves_the_tags_their_time() -> None:
    [tag] = attempt(changed("note", tags=["zebra"], note="Two dogs"))["outcomes"]
    assert tag["set_at"] == "2026-05-04T15:01:40Z"
    [scored] = attempt(changed("manual_score", lead_status="good_lead"))["outcomes"]
    assert "set_at" not in scored


def test_a_tag_that_is_set_again_hours_later_is_no_repetition() -> None:
    first = changed("tags", tags=["zebra"])
    again, repeated = (replace(first, received_at=RECEIVED_AT + late) for late in (timedelta(hours=3), timedelta(0)))
    assert CALLRAIL.delivery_key(first) == CALLRAIL.delivery_key(repeated) != CALLRAIL.delivery_key(again)
    call = delivered()
    assert CALLRAIL.delivery_key(call) == CALLRAIL.delivery_key(replace(call, received_at=again.received_at))


@pytest.mark.parametrize(
    ("value", "changes", "amount"),
    [
        ("450", [], "450"),
        ("$1,250.50", ["value"], "1250.50"),
        (75, ["value"], "75"),
        ("", ["value"], "0"),
        ("", ["tags"], None),
        ("a lot", ["value"], None),
        ("-3", ["value"], None),
    ],
)
def test_the_value_of_a_call_is_an_amount(value: object, changes: list[str], amount: str | None) -> None:
    assert attempt(changed(*changes, value=value)).get("value") == amount


def test_only_a_change_takes_the_mark_of_spam_away() -> None:
    assert attempt(delivered(spam=True))["spam"] is True
    assert "spam" not in attempt(delivered(spam=False))
    assert attempt(changed("spam", spam=False))["spam"] is False


@pytest.mark.parametrize(
    ("fields", "talk_seconds"),
    [
        ({"recording_duration": 81}, 81),
        ({"recording_duration": "81"}, 81),
        ({"recording_duration": 130}, 100),
        ({"recording_duration": ""}, 100),
        ({"recording_duration": 0}, 100),
        ({"recording_duration": 12, "voicemail": True}, None),
        ({"recording_duration": 12, "call_type": "voicemail_transcription"}, None),
        ({"recording_duration": 12, "answered": "false"}, None),
        ({"call_type": "in_progress"}, None),
    ],
)
def test_the_talk_is_as_long_as_the_recording(fields: dict[str, Any], talk_seconds: float | None) -> None:
    assert attempt(delivered(**fields)).get("talk_seconds") == talk_seconds


def test_a_national_number_belongs_to_the_customers_country() -> None:
    assert attempt(delivered(customer_phone_number="020 7946 0018", customer_country="GB"))["to_number"] == (
        "+442079460018"
    )


def test_a_change_with_another_direction_starts_no_call() -> None:
    event = CALLRAIL.parse(changed("tags", direction="inbound"), hook_of("callrail"))
    assert "dialed_at" not in event.attempts[0]
    assert "arrived_at" not in event.inbound_calls[0]
    assert attempt(changed("tags"))["dialed_at"] == "2026-05-04T15:00:00Z"


def test_neither_item_nor_stored_body_holds_the_key_of_a_recording() -> None:
    links = {
        "recording": "https://ada:pass@rec.example.com/7?token=key-1",
        "recording_player": "https://rec.example.com/7/play?access_key=key-2",
    }
    delivery = delivered(**links)
    assert attempt(delivery)["recording"]["uri"] == "https://rec.example.com/7"
    stored = CALLRAIL.without_secrets(delivery).body
    assert b"key-" not in stored
    assert b"pass" not in stored
    assert json.loads(stored)["recording_player"] == "https://rec.example.com/7/play"
