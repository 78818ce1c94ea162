"""JustCall's signature, and its test of an address before the first delivery."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.dialers import Delivery, HookSettings, Refused, dialers
from tests.dialers.deliveries import RECORDED, hook_of, sent

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
