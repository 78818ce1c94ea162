"""RingCentral: telephony session events, each about one party of a call.

A secret chosen with the subscription comes back in a header. `telephonySessionId` identifies a call; parties,
transfers and menus are parts of it. Only the outside party decides the result, and it has no extension. On an
outgoing call this is the customer, sent as `Inbound`; on an incoming call it is the caller, sent as `Outbound`.
`Answered` for the caller's own party only says that RingCentral picked up; for an extension it says that a person
did. In a click to call (RingOut) both ends are `Inbound`: the agent's phone rings first and is the `Initiator`, the
customer is the `Target`. The agent's party tells hold, parking and transfers. Calls between extensions are ignored, and
so are sessions that RingCentral opens for itself, such as the bridge of a conference. There are no durations, no
machine detection and no dispositions.
"""

from service.dialers import Delivery, Dialer, HookSettings, ParsedEvent, Reply, Unreadable
from service.dialers.parsing import Fields, check_proof, hash_key, json_fields, shared_secret
from service.dialers.ringcentral.calls import attempts_of, inbound_calls_of
from service.dialers.ringcentral.parties import Party

_TOKENS = ("verification-token", "validation-token")
# The whole response must fit into 1024 bytes, its other headers included.
_LONGEST_TOKEN = 500
# Sessions that are no call of a customer.
_NO_CALLS = {"Conference", "GreetingsRecording", "VerificationCall", "TestCall"}


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    secret = shared_secret(hook)
    check_proof(next((delivery.headers[name] for name in _TOKENS if delivery.headers.get(name)), None), secret)


def _handshake(delivery: Delivery) -> Reply | None:
    """The token of a new subscription, sent back; never with a body, which would reveal the secret."""
    token = delivery.headers.get("validation-token", "")
    plain = token.isascii() and token.isprintable() and 0 < len(token) <= _LONGEST_TOKEN
    empty = delivery.body.strip() in {b"", b"{}"}
    return Reply(headers={"validation-token": token}) if plain and empty else None


def _delivery_key(delivery: Delivery) -> str:
    try:
        notice = json_fields(delivery)
        if notice.text("uuid"):
            body = _session(notice)
            return hash_key(notice.text("uuid"), body.text("telephonySessionId"), body.text("sequence"))
    except Unreadable:
        pass
    return hash_key(delivery.body)


def _session(notice: Fields) -> Fields:
    """The session of a notice; an older format wraps it once more."""
    return notice.nested("body") if "body" in notice else notice.nested("pn_apns").nested("body")


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    body = _session(json_fields(delivery))
    if "telephonySessionId" not in body:
        return ParsedEvent("unknown", known=False)
    parties = _parties(body, delivery)
    statuses = " ".join(dict.fromkeys(party.status for party in parties))
    return ParsedEvent(
        f"telephony session {statuses}".strip()[:200],
        attempts=tuple(call for party in parties for call in attempts_of(party, hook)),
        inbound_calls=tuple(call for party in parties for call in inbound_calls_of(party, hook)),
    )


def _parties(body: Fields, delivery: Delivery) -> list[Party]:
    """The parties of an event, or none if its session is no call of a customer."""
    call_id, event_time = body.identity("telephonySessionId"), body.time("eventTime") or delivery.received_at
    origin, listed = body.nested("origin").text("type"), list(body.objects("parties"))
    if origin in _NO_CALLS:
        return []
    if any(party.text("ringOutRole") for party in listed):
        origin = "RingOut"
    return [Party(call_id, event_time, origin, party) for party in listed]


DIALER = Dialer(
    name="ringcentral",
    title="RingCentral",
    secret="The verification token: a random text that you choose and give to RingCentral with the subscription.",
    setup="""\
As an administrator with the permissions `ReadAccounts`, `CallControl` and `SubscriptionWebhook`, create a subscription
with `POST /restapi/v1.0/subscription` of the RingCentral API:

```json
{
  "eventFilters": ["/restapi/v1.0/account/~/telephony/sessions"],
  "deliveryMode": {"transportType": "WebHook", "address": "{url}", "verificationToken": "the secret of the hook"},
  "expiresIn": 630720000
}
```

The filter must cover the whole account: events of a single extension leave out the customer. calltally answers
RingCentral's validation of the address automatically. If a subscription expires, or is blacklisted after an outage,
create it again. Agents are identified by the id of their extension. In a click to call (RingOut) the attempt begins
when the customer's phone is called, not when the agent's own phone rings.
""",
    answer_detection=(
        "RingCentral reports whether a call was answered, but not by whom: a voicemail greeting counts as answered. An"
        " answered call counts as answered by a person after the talk time that the hook sets."
    ),
    tells=frozenset({"ringing", "answer", "hold", "transfer"}),
    tells_inbound=frozenset({"queue", "offers", "transfer"}),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
    handshake=_handshake,
)
