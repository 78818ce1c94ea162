"""Ringover's additions in every form, and what is stored of their links."""

import json
from typing import Any

import pytest

from service.dialers import Delivery, ParsedEvent, dialers
from tests.dialers.deliveries import ADDRESS, RECEIVED_AT, hook_of

RINGOVER = dialers()["ringover"]
LINK = "https://floor:pass@media.example.com/r/1.mp3?token=once#t=2"


def delivery(event: str, **data: Any) -> Delivery:
    """A delivery about call 9100200300400500099."""
    body = {"event": event, "timestamp": 1776261600, "data": {"call_id": 9100200300400500099, **data}}
    return Delivery("POST", ADDRESS.format(dialer="ringover"), {}, json.dumps(body).encode(), RECEIVED_AT)


def parsed(event: str, **data: Any) -> ParsedEvent:
    """The content of a delivery."""
    return RINGOVER.parse(delivery(event, **data), hook_of("ringover"))


@pytest.mark.parametrize(
    ("event", "data", "codes"),
    [
        ("tags_updated", {"tags": ["Won", "Zurich", "Won"]}, ["Won", "Zurich"]),
        ("tags_updated", {"tags": [{"id": 4, "name": "Won"}, {"name": "Demo booked"}]}, ["Demo booked", "Won"]),
        ("tags_updated", {"tags": "Won"}, ["Won"]),
        ("tags_updated", {"tags": [7, None, " Won "]}, ["Won"]),
        ("tags_updated", {"tags": []}, []),
        ("tags_updated", {"tags": None}, []),
        ("tags_updated", {}, []),
        ("aftercall", {"tags": [], "comments": "x"}, []),
        ("comments_updated", {"tags": ["Won"], "comments": "x"}, ["Won"]),
        ("comments_updated", {"comments": "x"}, None),
        ("aftercall", {"tags": None, "comments": "x"}, None),
        ("record_available", {"record_link": LINK}, None),
    ],
)
def test_an_event_about_tags_tells_all_of_them(event: str, data: dict[str, Any], codes: list[str] | None) -> None:
    parsed_event = parsed(event, **data)
    for addition in (*parsed_event.attempts, *parsed_event.inbound_calls):
        assert addition.get("outcomes") == (None if codes is None else [{"code": code} for code in codes])
        assert ("outcomes_at" in addition) == (codes is not None)
        assert addition["external_id"] == "9100200300400500099"


def test_a_call_keeps_as_many_tags_as_it_may_have() -> None:
    assert len(parsed("tags_updated", tags=[f"tag {number}" for number in range(80)]).attempts[0]["outcomes"]) == 50


def test_an_addition_without_content_says_nothing() -> None:
    assert parsed("aftercall") == ParsedEvent("aftercall")


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("hangup", "record"),
        ("hangup", "private_record"),
        ("record_available", "record_link"),
        ("voicemail_available", "voicemail_link"),
    ],
)
def test_no_link_that_opens_a_recording_is_stored(event: str, name: str) -> None:
    sent = delivery(event, **{name: LINK}, direction="inbound", answered_time=1776261500, hangup_time=1776261590)
    stored = RINGOVER.without_secrets(sent)
    assert json.loads(stored.body)["data"][name] == "https://media.example.com/r/1.mp3"
    assert b"9100200300400500099" in stored.body
    assert RINGOVER.delivery_key(stored) == RINGOVER.delivery_key(sent)
    call = RINGOVER.parse(sent, hook_of("ringover")).inbound_calls[0]
    recording = None if name == "private_record" else {"uri": "https://media.example.com/r/1.mp3"}
    assert call.get("recording") == recording


def test_a_delivery_without_such_a_link_is_stored_as_it_came() -> None:
    sent = delivery("tags_updated", tags=["Won"])
    assert RINGOVER.without_secrets(sent) is sent
