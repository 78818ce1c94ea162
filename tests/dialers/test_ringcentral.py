"""RingCentral's parties where an event leaves out what usually tells the sides of a call apart."""

import json
from typing import Any

import pytest

from service.dialers import Delivery, ParsedEvent, dialers
from tests.dialers.deliveries import ADDRESS, RECEIVED_AT, hook_of

AGENT, CUSTOMER, OWN = "8801", "+17735550299", "+12125550188"
AT = "2026-04-15T14:00:00Z"


def parsed(*parties: dict[str, Any], origin: str | None = "Call") -> ParsedEvent:
    """The content of a notice about these parties."""
    session = {"telephonySessionId": "s-9", "sequence": 4, "eventTime": AT, "parties": parties}
    body = {"uuid": "9", "body": session | ({"origin": {"type": origin}} if origin else {})}
    sent = json.dumps(body).encode()
    delivery = Delivery("POST", ADDRESS.format(dialer="ringcentral"), {}, sent, RECEIVED_AT)
    return dialers()["ringcentral"].parse(delivery, hook_of("ringcentral"))


def party(code: str, begin: dict[str, str], end: dict[str, str], **more: Any) -> dict[str, Any]:
    """A party in this state."""
    return {"id": "p-9-2", "direction": "Inbound", "from": begin, "to": end, "status": {"code": code}} | more


def outside(code: str, **more: Any) -> dict[str, Any]:
    """A phone outside that is called from the company's number."""
    return party(code, {"phoneNumber": OWN}, {"phoneNumber": CUSTOMER}, **more)


@pytest.mark.parametrize(
    ("event", "certain"),
    [
        (parsed(outside("Answered"), origin="RingOut"), True),
        (parsed(outside("Answered", ringOutRole="Target")), True),
        (parsed(outside("Answered"), party("Answered", {}, {}, id="p-9-1", ringOutRole="Initiator")), True),
        (parsed(outside("Answered"), origin=None), True),
        (parsed(outside("Answered")), False),
    ],
)
def test_an_outside_phone_is_a_customer_unless_a_caller_may_have_been_forwarded(
    event: ParsedEvent, certain: bool
) -> None:
    attempt = event.attempts[0]
    assert (attempt["to_number"], attempt["answered_at"], "dialed_at" in attempt) == (CUSTOMER, AT, certain)
    assert event.inbound_calls == ()


def test_an_agent_whose_mobile_phone_rings_first_is_the_owner_of_that_party() -> None:
    owner = {"extensionId": AGENT, "accountId": "1"}
    first = party(
        "Answered", {"phoneNumber": CUSTOMER}, {"phoneNumber": OWN}, ringOutRole="Initiator", id="p-9-1", owner=owner
    )
    attempt = parsed(first, origin="RingOut").attempts[0]
    assert (attempt["agent"], attempt["participants"]) == (AGENT, [{"agent": AGENT, "from_at": AT}])
    assert "dialed_at" not in attempt


@pytest.mark.parametrize("name", ["p-9-3", "p-9-12", "another-form", None])
def test_an_agent_who_joins_may_belong_to_a_call_in_either_direction(name: str | None) -> None:
    colleague = {"phoneNumber": "201", "extensionId": "8802"}
    own = {"phoneNumber": "202", "extensionId": AGENT}
    event = parsed(party("Answered", colleague, own, id=name, extensionId=AGENT))
    parts = [{"agent": AGENT, "from_at": AT}]
    assert [item["participants"] for item in (*event.attempts, *event.inbound_calls)] == [parts, parts]
    assert "dialed_at" not in event.attempts[0]
    assert "arrived_at" not in event.inbound_calls[0]


@pytest.mark.parametrize("origin", ["Conference", "GreetingsRecording", "VerificationCall", "TestCall"])
def test_sessions_of_ringcentral_itself_are_no_calls(origin: str) -> None:
    event = parsed(outside("Answered", **{"from": {"phoneNumber": OWN, "extensionId": AGENT}}), origin=origin)
    assert (event.attempts, event.inbound_calls, event.known) == ((), (), True)


def test_a_number_that_a_customer_is_passed_on_to_is_no_attempt() -> None:
    target = outside("Answered", id="p-9-3", **{"from": {"phoneNumber": OWN, "extensionId": AGENT}})
    assert parsed(target) == ParsedEvent("telephony session Answered")
