"""Twilio's open points: whose leg it is, what the address adds, and what may be stored."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from service.dialers import Delivery, ParsedEvent, dialers
from service.dialers.twilio.parties import Party, read_party
from tests.dialers.deliveries import ADDRESS, hook_of, sent

TWILIO = dialers()["twilio"]
HOOK = hook_of("twilio")
AT = "Tue, 14 Apr 2026 15:00:30 +0000"
CUSTOMER, OWN_NUMBER = "+16465550401", "+13125550190"
CONFERENCE = {"ConferenceSid": "CF40", "FriendlyName": "room 9", "SequenceNumber": "3", "Timestamp": AT}


def parsed(form: dict[str, str], query: str = "") -> ParsedEvent:
    """The content of a posted form."""
    url = ADDRESS.format(dialer="twilio") + (f"?{query}" if query else "")
    body = urlencode({"Timestamp": AT, **form}).encode()
    return TWILIO.parse(Delivery("POST", url, {}, body, datetime(2026, 4, 14, 16, tzinfo=UTC)), HOOK)


def leg(**form: str) -> dict[str, str]:
    """The answer of a leg that a call dialed."""
    return {
        "CallSid": "CA40b",
        "ParentCallSid": "CA40a",
        "CallStatus": "in-progress",
        "Direction": "outbound-dial",
        "From": OWN_NUMBER,
        "To": CUSTOMER,
        **form,
    }


@pytest.mark.parametrize(
    ("address", "party"),
    [
        (CUSTOMER, Party(number=CUSTOMER)),
        ("+1 (646) 555-0401", Party(number=CUSTOMER)),
        ("anonymous", Party(number="anonymous")),
        ("client:ada", Party(is_agent=True, agent="ada")),
        ("client:ada@floor.example?ticket=7", Party(is_agent=True, agent="ada@floor.example")),
        ("client:+16465550401", Party(is_agent=True)),
        ("sip:ada@pbx.example.org:5061;transport=tls", Party(is_agent=True, agent="ada@pbx.example.org:5061")),
        ("sip:1001@pbx.example.org", Party(is_agent=True, agent="1001@pbx.example.org")),
        ("SIP:+16465550401@trunk.example.net", Party(number=CUSTOMER)),
        ("sips:%2B16465550401@trunk.example.net;user=phone?X-Id=7", Party(number=CUSTOMER)),
        ("sip:16465550401@203.0.113.9", Party(number=CUSTOMER)),
        ("sip:6465550401@trunk.example.net", Party(number="6465550401")),
        ("sip:+16465550401@floor.pstn.twilio.com", Party(number=CUSTOMER)),
        ("sip:+16465550401@floor.sip.twilio.com", Party(is_agent=True)),
        ("sip:ada@floor.sip.dublin.twilio.com", Party(is_agent=True, agent="ada@floor.sip.dublin.twilio.com")),
        ("whatsapp:+16465550401", Party(number=CUSTOMER)),
        ("client:", Party(is_agent=True)),
        (None, Party()),
    ],
)
def test_an_address_tells_customers_from_agents(address: str | None, party: Party) -> None:
    assert read_party(address) == party


@pytest.mark.parametrize(
    ("form", "query", "calls"),
    [
        (leg(), "", {"CA40b"}),
        (leg(), "calls=outbound", {"CA40b"}),
        (leg(To="client:ada"), "", {"CA40a"}),
        (leg(), "calls=agent&agent=ada", {"CA40a"}),
        (leg(), "call=CA40c&agent=ada", {"CA40c"}),
        (leg(), "call=CA40b", {"CA40b"}),
        (leg(To="client:ada", From="client:bea"), "", set()),
        ({**leg(Direction="outbound-api"), "ParentCallSid": ""}, "calls=agent&agent=ada", set()),
        ({**leg(Direction="outbound-api", To="client:ada"), "ParentCallSid": ""}, "", set()),
        ({**leg(Direction="outbound-api", To="client:ada"), "ParentCallSid": ""}, "call=CA40c", {"CA40c"}),
        ({**leg(Direction="inbound", From="sip:ada@pbx.example.org"), "ParentCallSid": ""}, "", set()),
        ({**leg(Direction="trunking-terminating", From="sip:ada@pbx.example.org"), "ParentCallSid": ""}, "", {"CA40b"}),
    ],
)
def test_a_leg_belongs_to_the_call_of_its_customer(form: dict[str, str], query: str, calls: set[str]) -> None:
    event = parsed(form, query)
    assert event.known
    assert {item["external_id"] for item in event.attempts} == calls
    assert event.inbound_calls == ()


def test_a_leg_to_an_agents_phone_is_their_part_of_the_call() -> None:
    [attempt] = parsed(leg(), "calls=agent&agent=ada").attempts
    assert attempt["participants"] == [{"agent": "ada", "from_at": "2026-04-14T15:00:30Z"}]
    assert "dialed_at" not in attempt
    [inbound] = parsed(leg(), "calls=inbound&agent=ada").inbound_calls
    assert inbound["participants"] == attempt["participants"]


def test_the_address_says_who_handled_an_answered_call_and_whose_it_is() -> None:
    query = "handled=abandoned_by_us&contact=person-7&lead=web-9&campaign=autumn&agent=%2B13125550177"
    form = {"CallSid": "CA40", "CallStatus": "in-progress", "Direction": "outbound-api", "To": CUSTOMER}
    [attempt] = parsed(form, query).attempts
    assert {name: attempt[name] for name in ("handled", "contact", "lead", "campaign")} == {
        "handled": "abandoned_by_us",
        "contact": "person-7",
        "lead": "web-9",
        "campaign": "autumn",
    }
    assert "agent" not in attempt
    for status, address in (("ringing", query), ("busy", query), ("in-progress", "handled=by-nobody")):
        [attempt] = parsed({**form, "CallStatus": status}, address).attempts
        assert "handled" not in attempt


@pytest.mark.parametrize(
    ("event", "state"),
    [("join", None), ("hold", "holding"), ("unhold", "talking"), ("leave", None), ("mute", None)],
)
def test_the_customers_own_leg_of_a_conference_tells_of_holds(event: str, state: str | None) -> None:
    form = {
        **CONFERENCE,
        "CallSid": "CA40",
        "StatusCallbackEvent": f"participant-{event}",
        "ParticipantLabel": "customer",
    }
    read = parsed(form, "call=CA40&agent=ada")
    parts = [{"agent": "ada", "from_at": "2026-04-14T15:00:30Z", "state": state}] if state else []
    assert [part for item in read.attempts for part in item["participants"]] == parts
    assert read.known
    assert parsed(form, "call=CA40").attempts == ()


@pytest.mark.parametrize(
    ("label", "query", "agent"),
    [
        ("bea", "call=CA40&agent=ada", "bea"),
        ("agent", "call=CA40&agent=ada", "ada"),
        ("", "call=CA40&agent=ada", "ada"),
        ("bea", "call=CA40", "bea"),
        ("agent", "call=CA40", None),
        ("bea", "agent=ada", None),
        ("", "calls=agent&agent=ada", None),
    ],
)
def test_the_label_of_a_leg_in_a_conference_names_its_agent(label: str, query: str, agent: str | None) -> None:
    form = {**CONFERENCE, "CallSid": "CA41", "StatusCallbackEvent": "participant-join", "ParticipantLabel": label}
    items = parsed(form, query).attempts
    assert [(item["external_id"], part["agent"]) for item in items for part in item["participants"]] == (
        [("CA40", agent)] if agent else []
    )
    for listens in ("Coaching", "Muted"):
        assert parsed({**form, listens: "true"}, query).attempts == ()


def test_a_conference_of_a_named_agent_tells_of_its_customer_without_the_call_too() -> None:
    times: list[dict[str, Any]] = []
    for event in ("join", "hold", "unhold", "leave"):
        [item] = parsed(
            {**CONFERENCE, "CallSid": "CA40", "StatusCallbackEvent": f"participant-{event}"}, "agent=ada"
        ).attempts
        assert item["external_id"] == "CA40"
        times += item["participants"]
    assert [part["state"] for part in times] == ["talking", "holding", "talking", "left"]


def test_events_of_a_conference_itself_are_known_and_others_are_not() -> None:
    assert parsed({**CONFERENCE, "StatusCallbackEvent": "conference-end"}).known
    assert not parsed({**CONFERENCE, "StatusCallbackEvent": "participant-levitate"}).known


def test_a_conferences_recording_belongs_to_the_call_in_its_address() -> None:
    form = {"ConferenceSid": "CF40", "RecordingStatus": "completed", "RecordingUrl": "https://api.example.com/RE1?t=s"}
    [attempt] = parsed(form, "call=CA40").attempts
    assert (attempt["external_id"], attempt["recording"]["uri"]) == ("CA40", "https://api.example.com/RE1")
    assert parsed(form).attempts == ()


def test_a_recording_that_is_absent_has_no_link() -> None:
    form = {"CallSid": "CA40", "RecordingStatus": "absent", "RecordingUrl": "https://api.example.com/RE1"}
    assert "recording" not in parsed(form).attempts[0]
    [inbound] = parsed(form | {"RecordingSource": "RecordVerb"}, "calls=inbound").inbound_calls
    assert "outcome" not in inbound


def test_a_transcription_does_not_end_a_call() -> None:
    form = {"CallSid": "CA40", "CallStatus": "completed", "TranscriptionSid": "TR1", "TranscriptionStatus": "completed"}
    assert parsed(form) == ParsedEvent("transcription")


@pytest.mark.parametrize("query", ["calls=inbound", "calls=agent"])
def test_machine_detection_says_nothing_about_agents_and_callers(query: str) -> None:
    event = parsed({"CallSid": "CA40", "AnsweredBy": "human"}, query)
    assert (event.attempts, event.inbound_calls, event.known) == ((), (), True)


def test_a_customer_who_gives_up_in_a_queue_was_not_left_by_an_agent() -> None:
    form = {
        "CallSid": "CA40",
        "CallStatus": "completed",
        "Direction": "outbound-api",
        "QueueTime": "20",
        "To": CUSTOMER,
    }
    [attempt] = parsed({**form, "QueueResult": "hangup"}).attempts
    assert attempt["handled"] == "abandoned_by_callee"
    assert "ended_at" not in attempt
    [attempt] = parsed({**form, "QueueResult": "bridged"}).attempts
    assert "handled" not in attempt


@pytest.mark.parametrize(
    "form", [leg(To="client:ada", From=CUSTOMER, CallStatus="ringing"), leg(CallStatus="levitating")]
)
def test_an_event_without_items_names_the_numbers_in_it(form: dict[str, str]) -> None:
    event = parsed(form)
    assert (event.attempts, event.inbound_calls) == ((), ())
    assert CUSTOMER in event.numbers


def test_a_link_to_a_recording_is_stored_without_its_query() -> None:
    original = sent("twilio", "outbound.recording.form")
    with_key = replace(
        original, body=original.body.replace(b"00000001&RecordingStatus", b"00000001%3Ftoken%3Dsecret&RecordingStatus")
    )
    assert with_key.body != original.body
    stored = TWILIO.without_secrets(with_key)
    assert b"secret" not in stored.body
    assert TWILIO.delivery_key(stored) == TWILIO.delivery_key(with_key)
    assert TWILIO.parse(stored, HOOK) == TWILIO.parse(with_key, HOOK)
    by_get = Delivery(
        "GET",
        "https://calls.example.com/t?CallSid=CA1&RecordingUrl=https://r.example/1%3Fk=secret",
        {},
        b"",
        original.received_at,
    )
    assert "secret" not in TWILIO.without_secrets(by_get).url


def test_the_twiml_to_paste_is_well_formed() -> None:
    blocks = re.findall(r"```xml\n(.*?)```", TWILIO.setup, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        callback = next(ET.fromstring(block).iter()).find("*")
        assert callback is not None
        assert "&" in callback.attrib["statusCallback"]
