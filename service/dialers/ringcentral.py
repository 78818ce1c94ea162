"""RingCentral: telephony session events, each about one party of a call.

A secret chosen with the subscription comes back in a header. `telephonySessionId` identifies a call; parties,
transfers and menus are parts of it. Only the outside party decides the result, and it has no extension. On an
outgoing call this is the customer, sent as `Inbound`; on an incoming call it is the caller, sent as `Outbound`.
`Answered` for the caller's own party only says that RingCentral picked up; for an extension it says that a person
did. Calls between extensions are ignored. There are no durations, no machine detection and no dispositions.
"""

from datetime import datetime
from typing import Any

from reports.model.types import NetworkResult
from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Reply, Unreadable
from service.dialers.parsing import PROVISIONAL_TIME, Fields, check_proof, hash_key, item, json_fields, shared_secret

_TOKENS = ("verification-token", "validation-token")
# The whole response must fit into 1024 bytes, its other headers included.
_LONGEST_TOKEN = 500

_TALKING = {"Answered", "Hold", "Parked"}
_OVER = {"Disconnected", "Gone"}
_PASSED_ON = {"BlindTransfer", "RccTransfer", "AttendedTransfer", "DtmfTransfer"}
_MESSAGE = {"VoiceMail", "VoiceMailScreening", "Voicemail"}
_RESULTS: dict[str, NetworkResult] = {
    "TargetBusy": "busy",
    "NoAnswer": "no_answer",
    "Timeout": "no_answer",
    "Cancelled": "cancelled",
    "Rejected": "rejected",
    "InvalidNumber": "invalid_number",
    "NoSuchUser": "invalid_number",
    "InternationalDisabled": "blocked",
    "DestinationBlocked": "blocked",
    "NotEnoughFunds": "blocked",
    "InternalError": "network_failure",
}


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


class _Party:
    """One party of a call at the time of an event. from_phone, to_phone: the call's numbers, as the party sees them."""

    def __init__(self, call_id: str, event_time: datetime, party: Fields) -> None:
        begin, end, status = party.nested("from"), party.nested("to"), party.nested("status")
        self.call_id, self.event_time = call_id, event_time
        self.extension = party.code("extensionId")
        self.placed_call = party.text("direction") == "Outbound"
        self.from_phone, self.to_phone = begin.number("phoneNumber"), end.number("phoneNumber")
        self.from_extension = begin.code("extensionId")
        self.status, self.reason = status.text("code") or "", status.text("reason") or ""
        self.missed = party.flag("missedCall")

    @property
    def left_at(self) -> datetime | None:
        """When the party left, if it has."""
        return self.event_time if self.status in _OVER else None

    @property
    def leaves_message(self) -> bool:
        """Whether the party is leaving a message."""
        return self.status in _MESSAGE or self.reason in _MESSAGE


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    body = _session(json_fields(delivery))
    if "telephonySessionId" not in body:
        return ParsedEvent("unknown", known=False)
    call_id, event_time = body.identity("telephonySessionId"), body.time("eventTime") or delivery.received_at
    parties = [_Party(call_id, event_time, party) for party in body.objects("parties")]
    customers = [party for party in parties if not party.extension and not party.placed_call and party.from_extension]
    callers = [party for party in parties if not party.extension and party.placed_call]
    answering = [party for party in parties if party.extension and not party.placed_call and not party.from_extension]
    statuses = " ".join(dict.fromkeys(party.status for party in parties))
    return ParsedEvent(
        f"telephony session {statuses}".strip()[:200],
        attempts=tuple(call for party in customers for call in _attempts(party, hook)),
        inbound_calls=tuple(
            [call for party in callers for call in _inbound_calls(party, hook)]
            + [call for party in answering for call in _answers(party)]
        ),
    )


def _attempts(party: _Party, hook: HookSettings) -> list[Item]:
    """The customer's party of an outgoing call: the attempt itself."""
    answered = party.status in _TALKING
    result = "no_answer" if party.missed else _RESULTS.get(party.reason)
    answer_fields: dict[str, Any] = {"network_result": result if party.left_at else None}
    if answered:
        # The agent who placed the call is in it when the customer picks up.
        answer_fields = {"network_result": "answered", "answered_at": party.event_time}
        answer_fields |= {"agent_joined_at": party.event_time, "handled": "agent"}
    elif party.leaves_message:
        answer_fields = {"network_result": "answered", "answered_by": "machine", "detector": "carrier"}
    attempt = item(
        external_id=party.call_id,
        campaign=hook.campaign,
        agent=party.from_extension,
        to_number=party.to_phone,
        from_number=party.from_phone,
        # The first event is the latest possible start: the ledger stores the earliest start it receives.
        dialed_at=party.event_time,
        ended_at=party.left_at,
        **answer_fields,
        observed_at=party.event_time,
    )
    if not party.left_at or answer_fields["network_result"]:
        return [attempt]
    # The line was cut without a reason: before an answer, this means that the agent hung up.
    return [attempt, item(external_id=party.call_id, network_result="cancelled", observed_at=PROVISIONAL_TIME)]


def _inbound_calls(party: _Party, hook: HookSettings) -> list[Item]:
    """The caller's party of an incoming call: when the caller came and went, but not whether anyone answered."""
    call = item(
        external_id=party.call_id,
        campaign=hook.campaign,
        to_number=party.to_phone,
        from_number=party.from_phone,
        arrived_at=party.event_time,
        ended_at=party.left_at,
        outcome="voicemail" if party.leaves_message else None,
        observed_at=party.event_time,
    )
    if not party.left_at or party.leaves_message:
        return [call]
    return [call, item(external_id=party.call_id, outcome="abandoned", observed_at=PROVISIONAL_TIME)]


def _answers(party: _Party) -> list[Item]:
    """An extension that a call reaches: a menu, a queue or an agent; only agents answer."""
    call: dict[str, Any] = {"external_id": party.call_id, "observed_at": party.event_time}
    if party.leaves_message:
        return [item(**call, outcome="voicemail")]
    if party.status in _TALKING:
        return [item(**call, agent=party.extension, outcome="answered", answered_at=party.event_time)]
    if party.left_at and party.reason in _PASSED_ON:
        return [item(**call, transferred=True)]
    if party.left_at and (party.missed or party.reason in _RESULTS):
        return [item(**call | {"observed_at": PROVISIONAL_TIME}, outcome="missed")]
    return []


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
create it again. Agents are identified by the id of their extension.
""",
    answer_detection=(
        "RingCentral reports whether a call was answered, but not by whom: a voicemail greeting counts as answered."
    ),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
    handshake=_handshake,
)
