"""RingCentral: telephony session events, each about one party of a call.

A secret chosen with the subscription comes back in a header. A call is known by its `telephonySessionId`; parties,
transfers and menus are parts of it. Only the party outside decides: of a call that goes out the customer's, which has
no extension and is told as `Inbound`; of a call that comes in the caller's, which has none either and is `Outbound`.
That the caller's own party is `Answered` says only that RingCentral picked up; an extension's says that somebody did.
Calls between extensions are none of ours. There are no durations, no machine detection and no dispositions.
"""

from datetime import datetime
from typing import Any

from reports.model.types import NetworkResult
from service.dialers import Answer, Delivery, Dialer, Hook, Item, Reading, Unreadable
from service.dialers.parsing import UNLESS_ANSWERED, Fields, check, item, json_fields, key_of, shared_secret

_TOKENS = ("verification-token", "validation-token")
# The whole answer must fit into 1024 bytes, its other headers included.
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


def _verify(delivery: Delivery, hook: Hook) -> None:
    secret = shared_secret(hook)
    check(next((delivery.headers[name] for name in _TOKENS if delivery.headers.get(name)), None), secret)


def _handshake(delivery: Delivery) -> Answer | None:
    """The token of a new subscription, sent back; never beside a body, where it would give the secret away."""
    token = delivery.headers.get("validation-token", "")
    plain = token.isascii() and token.isprintable() and 0 < len(token) <= _LONGEST_TOKEN
    empty = delivery.body.strip() in {b"", b"{}"}
    return Answer(headers={"validation-token": token}) if plain and empty else None


def _key(delivery: Delivery) -> str:
    try:
        notice = json_fields(delivery)
        if notice.text("uuid"):
            body = _body(notice)
            return key_of(notice.text("uuid"), body.text("telephonySessionId"), body.text("sequence"))
    except Unreadable:
        pass
    return key_of(delivery.body)


def _body(notice: Fields) -> Fields:
    """What the notice is about; an older form wraps it once more."""
    return notice.inner("body") if "body" in notice else notice.inner("pn_apns").inner("body")


class _Party:
    """One party of a call, as it stood at a moment. from_phone, to_phone: the numbers of the call, as it sees them."""

    def __init__(self, call: str, at: datetime, party: Fields) -> None:
        begin, end, status = party.inner("from"), party.inner("to"), party.inner("status")
        self.call, self.at = call, at
        self.extension = party.code("extensionId")
        self.calls = party.text("direction") == "Outbound"
        self.from_phone, self.to_phone = begin.number("phoneNumber"), end.number("phoneNumber")
        self.from_extension = begin.code("extensionId")
        self.status, self.reason = status.text("code") or "", status.text("reason") or ""
        self.missed = party.flag("missedCall")

    @property
    def over(self) -> datetime | None:
        """When it left, if it has."""
        return self.at if self.status in _OVER else None

    @property
    def message(self) -> bool:
        """Whether it has come to leave a message."""
        return self.status in _MESSAGE or self.reason in _MESSAGE


def _read(delivery: Delivery, hook: Hook) -> Reading:
    body = _body(json_fields(delivery))
    if "telephonySessionId" not in body:
        return Reading("unknown", known=False)
    call, at = body.identity("telephonySessionId"), body.moment("eventTime") or delivery.received_at
    parties = [_Party(call, at, party) for party in body.each("parties")]
    customers = [party for party in parties if not party.extension and not party.calls and party.from_extension]
    callers = [party for party in parties if not party.extension and party.calls]
    answering = [party for party in parties if party.extension and not party.calls and not party.from_extension]
    statuses = " ".join(dict.fromkeys(party.status for party in parties))
    return Reading(
        f"telephony session {statuses}".strip()[:200],
        attempts=tuple(said for party in customers for said in _customer(party, hook)),
        inbound_calls=tuple(
            [said for party in callers for said in _caller(party, hook)]
            + [said for party in answering for said in _extension(party)]
        ),
    )


def _customer(party: _Party, hook: Hook) -> list[Item]:
    """The party whom an agent calls: the attempt itself."""
    answered = party.status in _TALKING
    result = "no_answer" if party.missed else _RESULTS.get(party.reason)
    said: dict[str, Any] = {"network_result": result if party.over else None}
    if answered:
        # Whoever placed the call is in it when the customer picks up.
        said = {"network_result": "answered", "answered_at": party.at, "agent_joined_at": party.at, "handled": "agent"}
    elif party.message:
        said = {"network_result": "answered", "answered_by": "machine", "detector": "carrier"}
    one = item(
        external_id=party.call,
        campaign=hook.campaign,
        agent=party.from_extension,
        to_number=party.to_phone,
        from_number=party.from_phone,
        # It began when it is first told of, at the latest: the ledger keeps the earliest that is said.
        dialed_at=party.at,
        ended_at=party.over,
        **said,
        observed_at=party.at,
    )
    if not party.over or said["network_result"]:
        return [one]
    # The line was cut without a reason: before an answer that is the agent hanging up.
    return [one, item(external_id=party.call, network_result="cancelled", observed_at=UNLESS_ANSWERED)]


def _caller(party: _Party, hook: Hook) -> list[Item]:
    """The party who calls us: when they came and went, but not whether anybody answered."""
    one = item(
        external_id=party.call,
        campaign=hook.campaign,
        to_number=party.to_phone,
        from_number=party.from_phone,
        arrived_at=party.at,
        ended_at=party.over,
        outcome="voicemail" if party.message else None,
        observed_at=party.at,
    )
    if not party.over or party.message:
        return [one]
    return [one, item(external_id=party.call, outcome="abandoned", observed_at=UNLESS_ANSWERED)]


def _extension(party: _Party) -> list[Item]:
    """An extension that a call comes to: a menu, a queue, an agent; only agents answer."""
    said: dict[str, Any] = {"external_id": party.call, "observed_at": party.at}
    if party.message:
        return [item(**said, outcome="voicemail")]
    if party.status in _TALKING:
        return [item(**said, agent=party.extension, outcome="answered", answered_at=party.at)]
    if party.over and party.reason in _PASSED_ON:
        return [item(**said, transferred=True)]
    if party.over and (party.missed or party.reason in _RESULTS):
        return [item(**said | {"observed_at": UNLESS_ANSWERED}, outcome="missed")]
    return []


DIALER = Dialer(
    name="ringcentral",
    title="RingCentral",
    secret="The verification token: a random text of your own choosing, given to RingCentral with the subscription.",
    setup="""\
Make a subscription with `POST /restapi/v1.0/subscription` of the RingCentral API, as an administrator, with the
permissions `ReadAccounts`, `CallControl` and `SubscriptionWebhook`:

```json
{
  "eventFilters": ["/restapi/v1.0/account/~/telephony/sessions"],
  "deliveryMode": {"transportType": "WebHook", "address": "{url}", "verificationToken": "the secret of the hook"},
  "expiresIn": 630720000
}
```

The filter must be the account's: one extension's own events leave out the customer. calltally answers RingCentral's
validation of the address by itself. A subscription that expires, or is blacklisted after an outage, must be made anew.
Agents are known by the id of their extension.
""",
    tells="Answered or not: never who answered, so a voicemail greeting counts as answered.",
    verify=_verify,
    key=_key,
    read=_read,
    handshake=_handshake,
)
