"""JustCall's signature, its test of an address before the first delivery, and the outcomes of its calls."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.dialers import Delivery, HookSettings, ParsedEvent, Refused, dialers
from tests.dialers.deliveries import RECEIVED_AT, RECORDED, hook_of, sent

JUSTCALL = dialers()["justcall"]
VECTOR = RECORDED / "justcall" / "signature-vector.json"


def official() -> tuple[Delivery, HookSettings]:
    vector = json.loads(VECTOR.read_text())
    headers = vector["headers"]
    at = datetime.strptime(headers["x-justcall-request-timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    body = json.dumps(vector["body"]).encode()
    return Delivery("POST", vector["body"]["webhook_url"], headers, body, at), hook_of("justcall", vector["api_secret"])


@pytest.mark.skipif(not VECTOR.exists(), reason="the recorded payloads do not stand beside the project")
def test_the_published_signature_is_genuine_and_altered_ones_are_refused() -> None:
    delivery, hook = official()
    JUSTCALL.verify(delivery, hook)
    signature = delivery.headers["x-justcall-signature"]
    for flipped in (f"0{signature[1:]}", signature.upper(), signature[:-1], ""):
        with pytest.raises(Refused):
            JUSTCALL.verify(replace(delivery, headers={**delivery.headers, "x-justcall-signature": flipped}), hook)
    with pytest.raises(Refused, match="not recent"):
        JUSTCALL.verify(replace(delivery, received_at=delivery.received_at + timedelta(hours=1)), hook)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b" \n"])
def test_a_test_of_the_address_is_answered(body: bytes) -> None:
    test_request = replace(sent("justcall", "out.completed.json"), body=body)
    reply = JUSTCALL.handshake(test_request)
    assert reply is not None
    assert (reply.status, reply.text) == (200, "ok")
    assert JUSTCALL.handshake(replace(test_request, headers={"x-justcall-signature": "00"})) is None
    assert JUSTCALL.handshake(sent("justcall", "out.completed.json")) is None


def test_an_update_is_known_from_its_time_of_sending() -> None:
    header = {"x-justcall-request-timestamp": "2026-03-02 14:40:00"}
    update = replace(sent("justcall", "out.updated.json"), headers=header)
    [attempt] = JUSTCALL.parse(update, hook_of("justcall")).attempts
    assert attempt["outcomes_at"] == "2026-03-02T14:40:00Z"
    assert header.keys() <= JUSTCALL.stored_headers


def test_a_replay_with_another_body_is_the_same_delivery() -> None:
    first = sent("justcall", "out.completed.json")
    assert JUSTCALL.delivery_key(replace(first, body=first.body.replace(b"150", b"1500"))) == JUSTCALL.delivery_key(
        first
    )


def parsed(kind: str, **data: Any) -> ParsedEvent:
    """An event of an outgoing call; `info` and `durations` are its nested fields."""
    info = {"direction": "Outgoing", "type": "Answered", "call_traits": [], **data.pop("info", {})}
    body = {"type": kind, "data": {"call_sid": "CAx1", "call_date": "2026-05-04", "call_time": "15:00:00", **data}}
    body["data"]["call_info"] = info
    url = "https://calls.example.com/v1/webhooks/justcall/a-token"
    delivery = Delivery("POST", url, {}, json.dumps(body).encode(), datetime(2026, 5, 4, 16, tzinfo=UTC))
    return JUSTCALL.parse(delivery, hook_of("justcall"))


def test_an_update_without_a_disposition_states_that_none_is_left() -> None:
    [attempt] = parsed("call.updated", info={"disposition": "", "rating": ""}).attempts
    assert (attempt["outcomes"], attempt["outcomes_at"]) == ([], "2026-05-04T16:00:00Z")
    [attempt] = parsed("call.completed", info={"disposition": ""}).attempts
    assert "outcomes" not in attempt
    [attempt] = parsed("sd.call_updated", info={"notes": "Side door"}).attempts
    assert "outcomes" not in attempt
    assert attempt["note"] == "Side door"


def test_disposition_tags_and_rating_are_the_outcomes_once_each() -> None:
    info = {"disposition": "zebra", "tags": "lion, zebra", "rating": 4}
    [attempt] = parsed("call.updated", info=info, tags=[{"name": "tiger"}], agent_id=7).attempts
    assert [outcome["code"] for outcome in attempt["outcomes"]] == ["zebra", "lion", "tiger", "rating 4"]
    assert {outcome["agent"] for outcome in attempt["outcomes"]} == {"7"}
    assert "rating 4" in JUSTCALL.dispositions


def test_a_transferred_call_labelled_incoming_starts_no_call() -> None:
    event = parsed("call.completed", info={"direction": "Incoming", "call_traits": ["TRANSFER"]})
    assert "dialed_at" not in event.attempts[0]
    assert "arrived_at" not in event.inbound_calls[0]
    queued = parsed("call.completed", info={"direction": "Incoming", "call_traits": ["TRANSFER", "QUEUE"]})
    assert queued.attempts == ()
    assert queued.inbound_calls[0]["arrived_at"] == "2026-05-04T15:00:00Z"


def test_a_recording_is_kept_without_its_key() -> None:
    [attempt] = parsed("call.completed", info={"recording": "https://rec.example.com/7?token=key-1"}).attempts
    assert attempt["recording"] == {"uri": "https://rec.example.com/7"}
    body = b'{"data": {"call_info": {"recording": "https:\\/\\/rec.example.com\\/7?token=key-1"}}}'
    assert b"key-1" not in JUSTCALL.without_secrets(Delivery("POST", "", {}, body, RECEIVED_AT)).body
