"""Whatever bytes come, a event says that they make no sense, or says something that can be checked: nothing else.

Every payload with each of its fields dropped and turned into something else, cut short, and with bytes that do not
belong there. A thing raised that is not Unreadable or Refused would answer a vendor with an error, and be sent again.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.dialers import Delivery, Refused, Unreadable, dialers
from tests.dialers.deliveries import RECEIVED_AT, described, expected, hook_of, sent
from tests.dialers.signing import SIGNERS
from tests.dialers.test_payloads import FORMS

WRONG: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        10**40,
        2**63,
        1e300,
        -0.5,
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud800",
        "a" * 5000,
        "9" * 400,
    ),
    *(
        "0",
        "-1",
        "1e9",
        "nan",
        "2026-13-45",
        "2026-03-02 09:30:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
    ),
    *("Mon, 02 Mar 9999999 15:20:30 Etc/Nowhere", "anonymous", "client:", "+", "\uff11\uff12\uff13", "\u202e"),
    *([], {}, [None], [[]], [{}], ["a", 1], {"": {}}, {"id": []}),
]
RAW = [
    b"",
    b"\x00",
    b"\xff",
    b"%00",
    b"%",
    b"&",
    b"=",
    b'"',
    b"{",
    b"[" * 100_000,
    b"1e999",
    b"NaN",
    b"9" * 5000,
    b"\\ud800",
]


def _try(vendor: str, delivery: Delivery) -> None:
    dialer, hook = dialers()[vendor], hook_of(vendor)
    assert dialer.delivery_key(delivery) == dialer.delivery_key(delivery)
    dialer.handshake(delivery)
    with suppress(Refused):
        dialer.verify(delivery, hook)
    assert dialer.delivery_key(dialer.without_secrets(delivery)) == dialer.delivery_key(delivery)
    try:
        event = described(dialer.parse(delivery, hook))
    except Unreadable:
        return
    assert len(event["event"]) <= 200
    assert "\x00" not in event["event"]
    json.dumps(event, ensure_ascii=False, allow_nan=False).encode()
    for kind, form in FORMS.items():
        for item in event.get(kind, []):
            with suppress(ValidationError):
                form.model_validate(item, context={"now": RECEIVED_AT})


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in cast("Iterator[tuple[Any, Any]]", entries):
        yield (*path, name)
        yield from _places(inner, (*path, name))


def _changed(body: bytes, path: tuple[Any, ...], wrong: Any, *, drop: bool) -> bytes:
    whole = json.loads(body)
    place = whole
    for step in path[:-1]:
        place = place[step]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    return json.dumps(whole).encode()


def _wrongs(vendor: str, delivery: Delivery) -> Iterator[Delivery]:
    """The delivery with each field dropped, and replaced by two kinds of wrong value."""
    if delivery.headers.get("content-type") == "application/json":
        for number, path in enumerate(_places(json.loads(delivery.body))):
            yield replace(delivery, body=_changed(delivery.body, path, None, drop=True))
            for turn in range(2):
                wrong = WRONG[(number * 2 + turn + len(delivery.body)) % len(WRONG)]
                yield replace(delivery, body=_changed(delivery.body, path, wrong, drop=False))
        return
    pairs = _pairs(delivery)
    for number, (name, _) in enumerate(pairs):
        yield _with(delivery, pairs[:number] + pairs[number + 1 :])
        for turn in range(2):
            wrong = [value for value in WRONG if isinstance(value, str | int | float)][(number * 2 + turn) % 25]
            yield _with(delivery, [*pairs[:number], (name, _utf8(str(wrong))), *pairs[number + 1 :]])


def _utf8(text: str) -> str:
    return text.encode(errors="replace").decode()


def _pairs(delivery: Delivery) -> list[tuple[str, str]]:
    form = urlsplit(delivery.url).query if delivery.method == "GET" else delivery.body.decode()
    return parse_qsl(form, keep_blank_values=True)


def _with(delivery: Delivery, pairs: list[tuple[str, str]]) -> Delivery:
    if delivery.method == "GET":
        return replace(delivery, url=f"{delivery.url.partition('?')[0]}?{urlencode(pairs)}")
    return replace(delivery, body=urlencode(pairs).encode())


@pytest.mark.parametrize("vendor", dialers())
def test_every_field_may_be_missing_or_have_a_wrong_kind(vendor: str) -> None:
    for name in expected(vendor):
        for wrong in _wrongs(vendor, sent(vendor, name)):
            _try(vendor, wrong)


@pytest.mark.parametrize("vendor", dialers())
@given(st.data())
def test_a_body_may_be_cut_off_or_hold_foreign_bytes(vendor: str, data: st.DataObject) -> None:
    delivery = sent(vendor, data.draw(st.sampled_from(sorted(expected(vendor)))))
    whole = delivery.url.encode() if delivery.method == "GET" else delivery.body
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, len(whole)) | st.just(len(whole)))
    between = data.draw(st.sampled_from(RAW) | st.binary(max_size=8))
    broken = whole[:begin] + between + whole[end:]
    if delivery.method == "GET":
        delivery = replace(delivery, url=broken.decode("latin-1"))
    else:
        delivery = replace(delivery, body=broken)
    _try(vendor, delivery)


@pytest.mark.parametrize("vendor", dialers())
@given(body=st.binary(max_size=200), url=st.text(max_size=50), method=st.sampled_from(["GET", "POST"]), data=st.data())
def test_anything_at_all_may_be_sent(vendor: str, body: bytes, url: str, method: str, data: st.DataObject) -> None:
    names = [
        "signature",
        "validation-token",
        "x-twilio-signature",
        "i-twilio-idempotency-token",
        "x-justcall-signature",
    ]
    names += ["x-justcall-request-timestamp", "x-ringover-webhook-signature", "content-type"]
    names += ["x-ringover-webhook-signature-v3", "x-ringover-request-signature-v3-timestamp"]
    headers = data.draw(st.dictionaries(st.sampled_from(names), st.text(max_size=30)))
    _try(vendor, Delivery(method, url, headers, body, RECEIVED_AT))


@pytest.mark.parametrize("vendor", dialers())
def test_a_body_may_be_any_json(vendor: str) -> None:
    delivery = replace(sent(vendor, next(iter(expected(vendor)))), method="POST")
    for value in WRONG:
        for body in (value, {"data": value, "body": value, "event": value}, {"id": value, "direction": value}):
            _try(vendor, replace(delivery, body=json.dumps(body).encode()))


@pytest.mark.parametrize("vendor", SIGNERS)
def test_a_proof_may_be_any_text(vendor: str) -> None:
    delivery = sent(vendor, next(iter(expected(vendor))))
    signed = SIGNERS[vendor](delivery, "a secret")
    for wrong in ("\x00", "ÿ" * 40, "a.b.c", "e30.e30.", "..", "=" * 28, "a" * 100_000):
        headers = dict.fromkeys(signed.headers, wrong)
        _try(vendor, replace(signed, headers=headers))
