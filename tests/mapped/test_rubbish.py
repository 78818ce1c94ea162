"""Whatever arrives: a mapped dialer refuses it, cannot read it, or names its faults; it never fails."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.dialers import Delivery, HookSettings, ParsedEvent, Refused, Unreadable
from service.ingest.resources.attempts import PartialAttempt
from service.ingest.resources.inbound_calls import PartialInboundCall
from service.mapped.dialer import mapped_dialer
from service.mapped.mapping import read_hook_mapping
from service.mapped.ready_mappings import ready
from tests.mapped.test_ready import life_of

HOOK = HookSettings(dialer="own", campaign="spring", zone=ZoneInfo("UTC"), secret="c0ffee")
RECEIVED_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
MAPPINGS = [*sorted(ready()), "form"]
FORM = '[proof]\nby = "hmac"\nheader = "x-sign"\nsigned = "{url}{form}"\n[attempt]\nexternal_id = "id"\n'

leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["1e400", "-1"])
)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))


def dialer_of(name: str) -> Any:
    return mapped_dialer(read_hook_mapping(FORM if name == "form" else name), HOOK)


def outcome_of(name: str, delivery: Delivery) -> ParsedEvent | None:
    """What a dialer makes of a delivery, after everything else it does with it."""
    dialer = dialer_of(name)
    dialer.handshake(delivery)
    with suppress(Refused):
        dialer.verify(delivery, HOOK)
    stored = dialer.without_secrets(delivery)
    assert dialer.delivery_key(stored) == dialer.delivery_key(delivery)
    try:
        event = dialer.parse(stored, HOOK)
    except Unreadable:
        return None
    for form, items in ((PartialAttempt, event.attempts), (PartialInboundCall, event.inbound_calls)):
        for item in items:
            form.model_validate(item, context={"now": RECEIVED_AT})
    return event


@pytest.mark.parametrize("name", MAPPINGS)
@settings(max_examples=25, deadline=None)
@given(body=st.binary(max_size=60), query=st.text("=&?%[]a1.", max_size=20), header=st.text(max_size=20))
@example(body=b"&" * 3_000, query="", header="00")
@example(body=b"\xff\xfe{", query="%ff=%00", header="\x00")
def test_any_bytes(name: str, body: bytes, query: str, header: str) -> None:
    names = ["authorization", "x-zm-signature", "close-sig-hash", "close-sig-timestamp", "x-sign"]
    headers = dict.fromkeys(names, header)
    outcome_of(name, Delivery("POST", f"https://c.example/x?{query}", headers, body, RECEIVED_AT))


@pytest.mark.parametrize("name", MAPPINGS)
@settings(max_examples=25, deadline=None)
@given(value=values)
@example(
    value={"payload": {"object": {"call_logs": [{"call_id": {}, "start_time": [1]}]}}, "event": "phone.caller_ended"}
)
def test_any_json(name: str, value: Any) -> None:
    outcome_of(name, Delivery("POST", "https://c.example/x", {}, json.dumps(value).encode(), RECEIVED_AT))


@pytest.mark.parametrize("name", sorted(ready()))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_real_delivery_with_one_value_replaced(name: str, data: st.DataObject) -> None:

    body = data.draw(st.sampled_from(life_of(name)["deliveries"]))
    body = json.loads(json.dumps(body))
    holder, key = data.draw(st.sampled_from(list(places(body))))
    holder[key] = data.draw(values)
    outcome_of(name, Delivery("POST", "https://c.example/x", {}, json.dumps(body).encode(), RECEIVED_AT))


def places(value: Any) -> Any:
    """Every place of a value inside a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from places(inner)
