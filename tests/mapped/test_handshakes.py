"""A vendor that tests the address gets its own text back, signed if it wants so; nothing reveals the secret."""

import hmac
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.dialers import Delivery, HookSettings, Reply
from service.mapped.dialer import mapped_dialer
from service.mapped.mapping import read_hook_mapping

FIELDS = '[attempt]\nexternal_id = "id"\n'
SECRET = "the key of both"
ECHO = f'{FIELDS}[handshake]\nchallenge = "challenge"\nwhere = {{ type = ["url_verification"] }}\n'


def reply(text: str, body: str, query: str = "", secret: str | None = SECRET) -> Reply | None:
    hook = HookSettings(dialer="own", campaign="spring", zone=ZoneInfo("UTC"), secret=secret)
    url = f"https://calls.example.com/v1/webhooks/mapped/a-token{query}"
    delivery = Delivery("POST" if body else "GET", url, {}, body.encode(), datetime(2026, 6, 1, tzinfo=UTC))
    return mapped_dialer(read_hook_mapping(text), hook).handshake(delivery)


def test_zoom_validates_the_address() -> None:
    body = '{"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}, "event_ts": 1}'
    answer = reply("zoom-phone", body)
    assert answer is not None
    signature = hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", "sha256").hexdigest()
    assert json.loads(answer.text) == {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": signature}
    assert answer.headers["content-type"] == "application/json"
    assert answer.status == 200


@pytest.mark.parametrize("token", ["v0:1772461800:{}", '{"id": "7"}', "a b", "", "x" * 201, "é", 7.5, None])
def test_no_test_of_the_address_gets_a_delivery_signed(token: object) -> None:
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": token}})
    assert reply("zoom-phone", body) is None
    assert reply("zoom-phone", body.replace("url_validation", "call_ended")) is None


def test_without_a_secret_nothing_is_signed() -> None:
    body = '{"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}}'
    assert reply("zoom-phone", body, secret=None) is None


def test_a_challenge_comes_back_as_plain_text() -> None:
    answer = reply(ECHO, '{"type": "url_verification", "challenge": "Validation: 3eZbrw1a 10"}')
    assert answer is not None
    assert (answer.text, answer.headers["content-type"]) == ("Validation: 3eZbrw1a 10", "text/plain; charset=utf-8")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert reply(ECHO, '{"type": "call", "challenge": "x"}') is None
    assert reply(ECHO, '{"challenge": "x"}') is None
    assert reply(ECHO, '{"type": "url_verification"}') is None
    assert reply(ECHO, "not JSON {") is None


def test_a_challenge_may_be_in_the_address() -> None:
    text = f'{FIELDS}[handshake]\nchallenge = "query:hub.challenge"\nwhere = {{ "query:hub.mode" = ["subscribe"] }}'
    answer = reply(text, "", "?hub.mode=subscribe&hub.challenge=1158201444")
    assert answer is not None
    assert answer.text == "1158201444"
    assert reply(text, "", "?hub.challenge=1158201444") is None


def test_a_challenge_may_be_wanted_as_json() -> None:
    answer = reply(ECHO + 'answer = { challenge = "challenge" }', '{"type": "url_verification", "challenge": "abc"}')
    assert answer is not None
    assert json.loads(answer.text) == {"challenge": "abc"}


def test_a_mapping_without_a_handshake_answers_none() -> None:
    assert reply(FIELDS, '{"challenge": "abc"}') is None
