"""Verification of the sender: a valid proof, an invalid proof, and no proof at all."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from service.dialers import Delivery, Dialer, Refused, dialers
from tests.dialers.deliveries import OURS, RECEIVED_AT, RECORDED, SECRET, expected, hook_of, sent
from tests.dialers.signing import SIGNERS, ringover_v3, signed

PROVING = [vendor for vendor, dialer in dialers().items() if dialer.secret]
URL = "https://calls.example.com/v1/webhooks/twilio/a-token?agent=ada&lead=7"
FORM = {"content-type": "application/x-www-form-urlencoded"}
TWILIO, CALLRAIL, RINGCENTRAL, RINGOVER = (
    dialers()[name] for name in ("twilio", "callrail", "ringcentral", "ringover")
)
where_recorded = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the official vectors do not stand beside the project"
)


def _recorded(path: str) -> Any:
    return json.loads((RECORDED / path).read_text())


def _holds(dialer: Dialer, delivery: Delivery, secret: str | None = SECRET) -> bool:
    try:
        dialer.verify(delivery, hook_of(dialer.name, secret))
    except Refused:
        return False
    return True


def _callback(url: str, body: str | bytes, signature: str, **headers: str) -> Delivery:
    sent_body = body if isinstance(body, bytes) else body.encode()
    return Delivery("POST", url, {**FORM, "x-twilio-signature": signature, **headers}, sent_body, RECEIVED_AT)


def test_every_dialer_with_a_secret_has_a_signer() -> None:
    assert set(PROVING) <= set(SIGNERS)


@pytest.mark.parametrize("vendor", PROVING)
def test_only_deliveries_with_the_hooks_own_secret_are_accepted(vendor: str) -> None:
    for name in expected(vendor):
        delivery = signed(vendor, sent(vendor, name))
        assert _holds(dialers()[vendor], delivery)
        assert not _holds(dialers()[vendor], delivery, "another secret")
        assert not _holds(dialers()[vendor], delivery, "")
        assert not _holds(dialers()[vendor], delivery, None)


@pytest.mark.parametrize("vendor", PROVING)
def test_a_stored_delivery_holds_no_proof(vendor: str) -> None:
    dialer = dialers()[vendor]
    delivery = dialer.without_secrets(signed(vendor, sent(vendor, next(iter(expected(vendor))))))
    headers = {name: value for name, value in delivery.headers.items() if name in dialer.stored_headers}
    assert SECRET.encode() not in delivery.body
    assert not _holds(dialer, replace(delivery, headers=headers))


@pytest.mark.parametrize("vendor", PROVING)
def test_a_delivery_without_proof_is_refused_as_unproven(vendor: str) -> None:
    delivery = replace(sent(vendor, next(iter(expected(vendor)))), body=b"")
    with pytest.raises(Refused) as refused:
        dialers()[vendor].verify(delivery, hook_of(vendor))
    assert refused.value.status == 401


@pytest.mark.parametrize("vendor", ["twilio", "callrail", "ringover"])
@given(st.data())
def test_a_flipped_bit_in_a_signed_body_is_noticed(vendor: str, data: st.DataObject) -> None:
    names = [name for name in expected(vendor) if not name.endswith(".query")]
    delivery = signed(vendor, sent(vendor, data.draw(st.sampled_from(names))))
    bit = data.draw(st.integers(0, len(delivery.body) * 8 - 1))
    flipped = replace(delivery, body=_flip(delivery.body, bit))
    # In a form a letter of an escape may be a capital or not: that is the same form.
    assume(vendor != "twilio" or _form(flipped.body) != _form(delivery.body))
    assert not _holds(dialers()[vendor], flipped)


@pytest.mark.parametrize("vendor", ["twilio", "callrail", "justcall", "ringover", "ringcentral"])
@given(st.data())
def test_a_flipped_bit_in_the_proof_is_noticed(vendor: str, data: st.DataObject) -> None:
    delivery = sent(vendor, data.draw(st.sampled_from(sorted(expected(vendor)))))
    with_proof = signed(vendor, delivery)
    new = [name for name in with_proof.headers if name not in delivery.headers and "version" not in name]
    name = data.draw(st.sampled_from(new))
    value = with_proof.headers[name]
    place = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda letter: letter != value[place]))
    # The last letter of such text has bits to spare, that stand for nothing.
    assume(vendor != "ringover" or place < len(value) - 1)
    changed = value[:place] + other + value[place + 1 :]
    assert not _holds(dialers()[vendor], replace(with_proof, headers={**with_proof.headers, name: changed}))


@pytest.mark.parametrize("name", sorted(expected("ringover")))
def test_ringovers_proofs_hold_for_one_body_at_one_address_only(name: str) -> None:
    delivery = sent("ringover", name)
    for proven in (signed("ringover", delivery), ringover_v3(delivery)):
        assert _holds(RINGOVER, proven)
        assert not _holds(RINGOVER, proven, "another secret")
        for other in expected("ringover"):
            assert _holds(RINGOVER, replace(proven, body=sent("ringover", other).body)) == (other == name)
        for url in (f"{proven.url}?queue=sales", proven.url.replace("a-token", "b-token"), "http" + proven.url[5:]):
            assert not _holds(RINGOVER, replace(proven, url=url))


@given(st.data())
def test_a_flipped_bit_in_a_newer_proof_of_ringover_is_noticed(data: st.DataObject) -> None:
    delivery = ringover_v3(sent("ringover", data.draw(st.sampled_from(sorted(expected("ringover"))))))
    header = data.draw(st.sampled_from(sorted(name for name in delivery.headers if "v3" in name)))
    value = delivery.headers[header]
    place = data.draw(st.integers(0, len(value) - 1))
    changed = value[:place] + chr(ord(value[place]) ^ (1 << data.draw(st.integers(0, 6)))) + value[place + 1 :]
    assert not _holds(RINGOVER, replace(delivery, headers={**delivery.headers, header: changed}))


@given(st.data())
def test_a_flipped_bit_in_a_signed_address_is_noticed(data: st.DataObject) -> None:
    delivery = signed("twilio", sent("twilio", data.draw(st.sampled_from(sorted(expected("twilio"))))))
    place = data.draw(st.integers(len("https://"), len(delivery.url) - 1))
    flipped = chr(ord(delivery.url[place]) ^ (1 << data.draw(st.integers(0, 6))))
    assert not _holds(TWILIO, replace(delivery, url=delivery.url[:place] + flipped + delivery.url[place + 1 :]))


def _flip(body: bytes, bit: int) -> bytes:
    return body[: bit // 8] + bytes([body[bit // 8] ^ (1 << bit % 8)]) + body[bit // 8 + 1 :]


def _form(body: bytes) -> list[tuple[str, str]]:
    from service.dialers.parsing import parse_pairs

    return sorted(set(parse_pairs(body)))


VECTORS = [
    (path.parent.name, vector["why"], vector)
    for path in sorted(OURS.glob("*/signatures.json"))
    for vector in json.loads(path.read_text())
]


@pytest.mark.parametrize(("vendor", "why", "vector"), VECTORS, ids=[f"{vendor}: {why}" for vendor, why, _ in VECTORS])
def test_a_request_is_genuine_or_not(vendor: str, why: str, vector: dict[str, Any]) -> None:
    body = vector["body"].encode()
    delivery = Delivery(vector["method"], vector["url"], vector["headers"], body, RECEIVED_AT)
    assert _holds(dialers()[vendor], delivery, vector["secret"]) == vector["genuine"]


@settings(deadline=None)
@given(
    form=st.dictionaries(st.text(), st.lists(st.text(), min_size=1, max_size=3), max_size=5),
    port=st.sampled_from(["", ":443", ":8443"]),
    signed_port=st.sampled_from(["", ":443", ":8443"]),
)
def test_a_callback_is_genuine_if_twilios_own_validator_accepts_it(
    form: dict[str, list[str]], port: str, signed_port: str
) -> None:
    class Posted(dict[str, list[str]]):
        def getall(self, name: str) -> list[str]:
            return self[name]

    validator = RequestValidator(SECRET)
    url, signed_url = (URL.replace(".com/", f".com{place}/") for place in (port, signed_port))
    assume(not any("\ud800" <= letter <= "\udfff" for letter in json.dumps(form, ensure_ascii=False)))
    signature = validator.compute_signature(signed_url, Posted(form))
    body = urlencode(form, doseq=True)
    assert _holds(TWILIO, _callback(url, body, signature)) == validator.validate(url, Posted(form), signature)


@where_recorded
def test_the_official_vectors_of_twilio_hold() -> None:
    for vector in _recorded("twilio/signature-vectors.json")["vectors"]:
        delivery = _callback(vector["url"], urlencode(vector["params"], doseq=True), vector["signature"])
        assert _holds(TWILIO, delivery, vector["token"])
        assert not _holds(TWILIO, replace(delivery, body=delivery.body + b"0"), vector["token"])


@where_recorded
def test_the_official_vector_of_callrail_holds() -> None:
    vector = _recorded("callrail/signature-vector.json")
    body = (RECORDED / "callrail" / "signature-vector.post-call-voicemail.body.json").read_bytes().rstrip(b"\n")
    delivery = Delivery("POST", URL, {"signature": vector["signature"]}, body, RECEIVED_AT)
    assert _holds(CALLRAIL, delivery, vector["key"])
    assert not _holds(CALLRAIL, replace(delivery, body=body + b" "), vector["key"])


@where_recorded
def test_the_official_vector_of_justcall_holds() -> None:
    vector = _recorded("justcall/signature-vector.json")
    sent_at = datetime.strptime(vector["headers"]["x-justcall-request-timestamp"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    body = json.dumps(vector["body"]).encode()
    delivery = Delivery("POST", vector["body"]["webhook_url"], vector["headers"], body, sent_at.replace(tzinfo=UTC))
    assert _holds(dialers()["justcall"], delivery, vector["api_secret"])
    assert not _holds(dialers()["justcall"], replace(delivery, url=delivery.url + "0"), vector["api_secret"])


def _validation_request(token: str, body: bytes = b"") -> Delivery:
    return Delivery("POST", URL, {"validation-token": token}, body, RECEIVED_AT)


def test_ringcentral_gets_its_token_back_when_it_tests_the_address() -> None:
    reply = RINGCENTRAL.handshake(_validation_request("6d6f2b6e-0000-4000-8000-000000000001"))
    assert reply is not None
    assert (reply.status, reply.headers) == (200, {"validation-token": "6d6f2b6e-0000-4000-8000-000000000001"})


@pytest.mark.parametrize("token", ["", "two\r\nlines", "a" * 600, "ümläut"])
def test_ringcentral_gets_no_text_back_that_is_no_token(token: str) -> None:
    assert RINGCENTRAL.handshake(_validation_request(token)) is None


def test_ringcentral_gets_no_token_back_with_an_event() -> None:
    event = sent("ringcentral", "sold.05-customer-answered.json").body
    assert RINGCENTRAL.handshake(_validation_request("token", event)) is None
