"""The proofs that a mapping can describe: the right one, a wrong one, none, and one that was recorded earlier."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from joserfc.jwk import OctKey
from joserfc.jwt import encode

from service.dialers import Delivery, HookSettings, Refused
from service.mapped.dialer import mapped_dialer
from service.mapped.mapping import MappingFaults, read_hook_mapping

FIELDS = '[attempt]\nexternal_id = "id"\n'
SECRET = "the key of both"
RECEIVED_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECONDS = str(int(RECEIVED_AT.timestamp()))
URL = "https://calls.example.com/v1/webhooks/mapped/a-token"
BODY = b'{"id": "7"}'


def settings(secret: str | None = SECRET) -> HookSettings:
    return HookSettings(dialer="own", campaign="spring", zone=ZoneInfo("UTC"), secret=secret)


def outcome(proof: str, delivery: Delivery, secret: str | None = SECRET) -> int:
    """200 if the delivery is proven, else the status of the refusal."""
    dialer = mapped_dialer(read_hook_mapping(f"{FIELDS}[proof]\n{proof}"))
    try:
        dialer.verify(delivery, settings(secret))
    except Refused as refused:
        return refused.status
    return 200


def sent(headers: dict[str, str] | None = None, body: bytes = BODY, query: str = "") -> Delivery:
    return Delivery("POST", URL + (f"?{query}" if query else ""), headers or {}, body, RECEIVED_AT)


def code(text: bytes, key: bytes = SECRET.encode(), algorithm: str = "sha256") -> bytes:
    return hmac.new(key, text, algorithm).digest()


def login(words: str) -> str:
    return f"Basic {base64.b64encode(words.encode()).decode()}"


@pytest.mark.parametrize(
    ("proof", "right", "wrong"),
    [
        ('by = "bearer"', {"authorization": f"Bearer {SECRET}"}, {"authorization": "Bearer guessed"}),
        ('by = "bearer"', {"authorization": f"bearer {SECRET}"}, {"authorization": f"Basic {SECRET}"}),
        ('by = "basic"', {"authorization": login(SECRET)}, {"authorization": login("guessed")}),
        ('by = "basic"\nuser = "pbx"', {"authorization": login(f"pbx:{SECRET}")}, {"authorization": login(SECRET)}),
        ('by = "header"\nheader = "X-Api-Key"', {"x-api-key": SECRET}, {"x-api-key": SECRET[:-1]}),
        (
            'by = "header"\nheader = "X-Api-Key"\nprefix = "key "',
            {"x-api-key": f"key {SECRET}"},
            {"x-api-key": SECRET},
        ),
        (
            'by = "hmac"\nheader = "X-Sign"',
            {"x-sign": code(BODY).hex().upper()},
            {"x-sign": code(b'{"id": "8"}').hex()},
        ),
        (
            'by = "hmac"\nheader = "X-Sign"\nform = "sha1={signature}"\nalgorithm = "sha1"',
            {"x-sign": f"sha1={code(BODY, algorithm='sha1').hex()}"},
            {"x-sign": f"sha1={code(BODY).hex()}"},
        ),
        (
            'by = "hmac"\nheader = "X-Sign"\nalgorithm = "sha512"\nencoding = "base64"\nsigned = "{method}{url}{body}"',
            {"x-sign": base64.b64encode(code(b"POST" + URL.encode() + BODY, algorithm="sha512")).decode()},
            {"x-sign": base64.b64encode(code(b"GET" + URL.encode() + BODY, algorithm="sha512")).decode()},
        ),
    ],
)
def test_a_proof_is_right_or_wrong_or_missing(proof: str, right: dict[str, str], wrong: dict[str, str]) -> None:
    assert outcome(proof, sent(right)) == 200
    assert outcome(proof, sent(wrong)) == 403
    assert outcome(proof, sent()) == 401
    assert outcome(proof, sent(right), "another secret") == 403
    assert outcome(proof, sent(right), None) == 403


def test_a_secret_may_write_its_key_in_hexadecimal() -> None:
    proof = 'by = "hmac"\nheader = "X-Sign"\nkey = "hex"\nencoding = "base64url"'
    signature = base64.urlsafe_b64encode(code(BODY, b"\xc0\xff\xee")).decode()
    assert outcome(proof, sent({"x-sign": signature}), "c0ffee") == 200
    assert outcome(proof, sent({"x-sign": base64.urlsafe_b64encode(code(BODY, b"c0ffee")).decode()}), "c0ffee") == 403
    assert outcome(proof, sent({"x-sign": signature}), "not hexadecimal") == 403


def test_a_secret_in_the_address_is_checked_and_never_stored() -> None:
    proof = 'by = "query"\nquery = "token"'
    dialer = mapped_dialer(read_hook_mapping(f"{FIELDS}[proof]\n{proof}"))
    right = sent(query="a=1&tok%65n=the%20key+of+both&b=2")
    assert outcome(proof, right) == 200
    assert outcome(proof, sent(query="token=guessed")) == 403
    assert outcome(proof, sent(query="a=1")) == 401
    assert dialer.without_secrets(right).url == f"{URL}?a=1&b=2"
    assert dialer.delivery_key(right) == dialer.delivery_key(sent(query="a=1&b=2"))


ZOOM = """
by = "hmac"
header = "x-zm-signature"
form = "v0={signature}"
signed = "v0:{timestamp}:{body}"
timestamp = "x-zm-request-timestamp"
"""


def test_a_recorded_delivery_is_refused_later_and_its_time_cannot_be_changed() -> None:
    headers = {
        "x-zm-request-timestamp": SECONDS,
        "x-zm-signature": "v0=" + code(f"v0:{SECONDS}:".encode() + BODY).hex(),
    }
    assert outcome(ZOOM, sent(headers)) == 200
    assert outcome(ZOOM, replace(sent(headers), received_at=RECEIVED_AT + timedelta(minutes=5))) == 200
    assert outcome(ZOOM, replace(sent(headers), received_at=RECEIVED_AT + timedelta(minutes=5, seconds=1))) == 403
    assert outcome(ZOOM, replace(sent(headers), received_at=RECEIVED_AT - timedelta(minutes=6))) == 403
    later = {**headers, "x-zm-request-timestamp": str(int(SECONDS) + 3600)}
    assert outcome(ZOOM, replace(sent(later), received_at=RECEIVED_AT + timedelta(hours=1))) == 403
    assert outcome(ZOOM, sent({"x-zm-signature": headers["x-zm-signature"]})) == 403
    assert (
        outcome(ZOOM + "max_age_seconds = 0", replace(sent(headers), received_at=RECEIVED_AT + timedelta(days=9)))
        == 200
    )


def test_milliseconds_beside_the_signature_and_two_keys_at_once() -> None:
    proof = (
        'by = "hmac"\nheader = "x-sig"\nform = "t={timestamp},v1={signature}"\n'
        'signed = "{timestamp}.{body}"\nunit = "milliseconds"'
    )
    stated = f"{SECONDS}123"
    genuine = code(f"{stated}.".encode() + BODY).hex()
    assert outcome(proof, sent({"x-sig": f"t={stated},v1={'0' * 64},v1={genuine}"})) == 200
    assert outcome(proof, sent({"x-sig": f"t={stated},v0={'1' * 64},v1={genuine}"})) == 200
    assert outcome(proof, sent({"x-sig": f"t={stated},v0={genuine},v1={'0' * 64}"})) == 403
    assert outcome(proof, sent({"x-sig": f"v1={genuine}"})) == 403
    assert outcome(proof, sent({"x-sig": "nonsense"})) == 403


def test_a_signature_of_an_empty_body_says_nothing_about_the_address() -> None:
    proof = 'by = "hmac"\nheader = "x-sign"\nsigned = '
    empty = sent({"x-sign": code(b"").hex()}, b"", "id=7")
    assert outcome(proof + '"{body}"', empty) == 403
    whole = sent({"x-sign": code(f"{URL}?id=7".encode()).hex()}, b"", "id=7")
    assert outcome(proof + '"{url}{body}"', whole) == 200
    assert outcome(proof + '"{url}{body}"', replace(whole, url=f"{URL}?id=8")) == 403


def test_signatures_as_standard_webhooks_and_openphone_write_them() -> None:
    key = b"\x01\x02 secret of 24 bytes \x03"
    secret = "whsec_" + base64.b64encode(key).decode()
    standard = (
        'by = "hmac"\nheader = "webhook-signature"\nform = "v1,{signature}"\nencoding = "base64"\nkey = "base64"\n'
        'signed = "{header:webhook-id}.{timestamp}.{body}"\ntimestamp = "webhook-timestamp"'
    )
    signature = base64.b64encode(code(f"msg_1.{SECONDS}.".encode() + BODY, key)).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": SECONDS, "webhook-signature": f"v1,AAAA v1,{signature}"}
    assert outcome(standard, sent(headers), secret) == 200
    assert outcome(standard, sent({**headers, "webhook-id": "msg_2"}), secret) == 403
    assert outcome(standard, sent(headers), "whsec_not base64") == 403
    open_phone = (
        'by = "hmac"\nheader = "openphone-signature"\nform = "hmac;1;{timestamp};{signature}"\nencoding = "base64"\n'
        'key = "base64"\nsigned = "{timestamp}.{body}"\nunit = "milliseconds"'
    )
    stated = f"{SECONDS}000"
    signature = base64.b64encode(code(f"{stated}.".encode() + BODY, key)).decode()
    assert outcome(open_phone, sent({"openphone-signature": f"hmac;1;{stated};{signature}"}), secret) == 200
    assert outcome(open_phone, sent({"openphone-signature": f"hmac;2;{stated};{signature}"}), secret) == 403


def test_a_signed_form_is_its_fields_in_order_of_their_names() -> None:
    proof = 'by = "hmac"\nheader = "x-sign"\nsigned = "{url}{form}"'
    signature = code(f"{URL}a1b2 3".encode()).hex()
    assert outcome(proof, sent({"x-sign": signature}, b"b=2+3&a=1")) == 200
    assert outcome(proof, sent({"x-sign": signature}, b"b=2+4&a=1")) == 403


def test_a_body_that_is_a_jwt_is_verified_read_and_stored_without_its_signature() -> None:
    dialer = mapped_dialer(read_hook_mapping(f'{FIELDS}[proof]\nby = "jwt"'))
    claims = {"id": "7", "exp": int(SECONDS) + 60}
    token = encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
    delivery = sent(body=token.encode())
    assert outcome('by = "jwt"', delivery) == 200
    assert outcome('by = "jwt"', sent(body=f'"{token}"'.encode())) == 200
    assert outcome('by = "jwt"', delivery, "another secret of thirty-two bytes") == 403
    assert outcome('by = "jwt"', sent()) == 401
    assert outcome('by = "jwt"', replace(delivery, received_at=RECEIVED_AT + timedelta(hours=1))) == 403
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=") + b"." + token.encode().split(b".")[1] + b".AA"
    assert outcome('by = "jwt"', sent(body=unsigned)) == 403
    stored = dialer.without_secrets(delivery)
    assert json.loads(stored.body) == claims
    assert dialer.parse(stored, settings()) == dialer.parse(delivery, settings())
    assert dialer.delivery_key(stored) == dialer.delivery_key(delivery)


def test_without_a_proof_the_address_is_enough() -> None:
    dialer = mapped_dialer(read_hook_mapping(FIELDS))
    assert dialer.secret is None
    dialer.verify(sent(), settings(None))


@pytest.mark.parametrize(
    ("proof", "message"),
    [
        ('by = "hmack"', "[proof] by: Input should be"),
        ('by = "hmac"', "[proof]: set one of header or query: the place of the signature"),
        ('by = "header"', "[proof]: header is missing"),
        ('by = "query"', "[proof]: query is missing"),
        ('by = "bearer"\nheader = "x"', '[proof]: header does not apply to by = "bearer"'),
        ('by = "hmac"\nheder = "x"', "[proof] heder is not a key of this table; did you mean header?"),
        ('by = "hmac"\nheader = "x y"', "[proof] header: is not the name of a header"),
        (
            'by = "hmac"\nheader = "x"\nsigned = "{bdy}"',
            "[proof] signed: {bdy} is no part of a delivery; did you mean {body}?",
        ),
        ('by = "hmac"\nheader = "x"\nsigned = "{url}"', "[proof] signed: must include {body} or {form}"),
        ('by = "hmac"\nheader = "x"\nsigned = "{timestamp}{body}"', "[proof]: timestamp is missing"),
        ('by = "hmac"\nheader = "x"\ntimestamp = "t"', "[proof]: signed must include {timestamp}"),
        ('by = "hmac"\nheader = "x"\nform = "v1="', "[proof] form: must hold {signature} once"),
        ('by = "jwt"\nalgorithm = "sha1"', "[proof]: algorithm must be sha256, sha384 or sha512"),
    ],
)
def test_each_fault_of_a_proof_is_named(proof: str, message: str) -> None:
    with pytest.raises(MappingFaults) as caught:
        read_hook_mapping(f"{FIELDS}[proof]\n{proof}")
    assert message in str(caught.value)


def test_no_message_or_setup_carries_the_secret() -> None:
    dialer = mapped_dialer(read_hook_mapping(f'{FIELDS}[proof]\nby = "hmac"\nheader = "x-sign"'), settings())
    assert SECRET not in dialer.setup + (dialer.secret or "") + repr(settings())
    assert hashlib.sha256(SECRET.encode()).hexdigest() not in dialer.setup
