"""Twilio: calls that the account's own application places, reported by status callbacks.

Twilio signs every callback over its address and its form. `CallSid` identifies a call. Legs that `<Dial>` adds to it
carry `ParentCallSid` and count under that, so they are no calls of their own. `Duration` is minutes rounded up and is
not read; `CallDuration` is seconds from answer to end. SIP codes decide nothing.

The query of the callback's address, which is signed too, adds what Twilio cannot know: agent, lead and campaign. It
has calls=inbound for callbacks that do not state their direction (recordings, legs to an agent's browser).
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from reports.model.types import AnsweredBy, NetworkResult
from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Reply, Unreadable
from service.dialers.parsing import (
    PROVISIONAL_TIME,
    Fields,
    form_fields,
    hash_key,
    item,
    link_without_query,
    parse_pairs,
    query_fields,
)
from service.dialers.twilio.signature import verify

_TOKEN = "i-twilio-idempotency-token"  # noqa: S105 - the name of a header

_PENDING = {"queued", "initiated", "ringing"}
_ANSWERED = {"in-progress", "completed", "answered"}
_RESULTS: dict[str, NetworkResult] = {
    "in-progress": "answered",
    "completed": "answered",
    "answered": "answered",
    "busy": "busy",
    "no-answer": "no_answer",
    "failed": "network_failure",
    "canceled": "cancelled",
}
_ANSWERED_BY: dict[str, AnsweredBy] = {"human": "human", "fax": "fax_or_tone", "unknown": "unknown"}
_INBOUND = {"inbound", "trunking-originating"}
_OWN_ADDRESSES = ("client:", "sip:", "sips:")


def _delivery_key(delivery: Delivery) -> str:
    token = delivery.headers.get(_TOKEN)
    if token:
        return hash_key("token", token)
    try:
        sent = urlsplit(delivery.url).query if delivery.method == "GET" else delivery.body
        return hash_key("form", sorted(parse_pairs(sent)))
    except (Unreadable, ValueError):
        return hash_key("bytes", delivery.url, delivery.body)


class _Callback:
    """A callback: its form, its address, and the call it belongs to."""

    def __init__(self, delivery: Delivery, hook: HookSettings) -> None:
        self.form = form_fields(delivery)
        self.address = query_fields(delivery)
        self.event_time = self.form.time("Timestamp", UTC) or delivery.received_at
        self.parent = self.form.code("ParentCallSid")
        self.to_agent = _agent(self.form.text("To"))
        self.from_agent = _agent(self.form.text("From"))
        self._hook = hook

    @property
    def call_id(self) -> str:
        """The call of the callback: for a leg, the call that dialled it."""
        return self.form.identity("ParentCallSid" if self.parent else "CallSid")

    @property
    def inbound(self) -> bool:
        """Whether a caller called the account. A leg shows this by a called number that is not its own."""
        if self.address.text("calls") == "inbound":
            return True
        if self.parent:
            via = self.form.text("CalledVia") or self.form.text("ForwardedFrom")
            return via is not None and via != self.form.text("From")
        return self.form.text("Direction") in _INBOUND and not self.from_agent

    def parsed(self, event: str, **fields: Any) -> ParsedEvent:
        """An event with one item: the fields, and the address's own fields of the call."""
        address_fields = {
            "campaign": self.address.code("campaign"),
            "agent": self.address.code("agent"),
            "lead": self.address.code("lead"),
        }
        call = item(
            external_id=self.call_id, **fields | {name: value for name, value in address_fields.items() if value}
        )
        return ParsedEvent(event, inbound_calls=(call,)) if self.inbound else ParsedEvent(event, attempts=(call,))

    def opening_fields(self, **fields: Any) -> dict[str, Any]:
        """Fields for callbacks that begin a call, unless other fields replace them."""
        return {
            "campaign": self._hook.campaign,
            "to_number": self.form.number("To"),
            "from_number": self.form.number("From"),
            **fields,
        }


def _agent(address: str | None) -> str | None:
    """The agent of an address, if it is an address of the account: a browser or a SIP phone."""
    if not address or not address.lower().startswith(_OWN_ADDRESSES):
        return None
    return address.partition(":")[2][:200].strip() or None


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    callback = _Callback(delivery, hook)
    form = callback.form
    if form.code("RecordingStatus"):
        return _recording(callback)
    if form.code("DialCallStatus"):
        return _dialled(callback)
    if form.code("CallStatus"):
        return _status(callback)
    if form.code("AnsweredBy"):
        return _detected(callback)
    return ParsedEvent("unknown", known=False)


def _status(callback: _Callback) -> ParsedEvent:
    status = callback.form.code("CallStatus") or ""
    if status not in _PENDING and status not in _RESULTS:
        return ParsedEvent(status, known=False)
    seconds = callback.form.seconds("CallDuration") if status == "completed" else None
    # The first callback is the latest possible start: the ledger stores the earliest start it receives.
    began = callback.event_time - timedelta(seconds=seconds or 0)
    timeline: dict[str, Any] = {
        "answered_at": began if status == "in-progress" or seconds is not None else None,
        "ended_at": callback.event_time if status not in _PENDING and status != "in-progress" else None,
        "talk_seconds": seconds,
    }
    if callback.inbound:
        return _inbound(callback, status, began, timeline)
    if callback.parent and callback.to_agent:
        return _joining_leg(callback, status, timeline)
    return _outbound(callback, status, began, timeline)


def _outbound(callback: _Callback, status: str, began: datetime, timeline: dict[str, Any]) -> ParsedEvent:
    fields = callback.opening_fields(dialed_at=None if status == "queued" else began, **timeline)
    if callback.from_agent and not callback.parent:
        # An agent's browser has called Twilio, which answers at once; only the customer's leg has the result.
        fields |= {"agent": callback.from_agent, "from_number": None, "answered_at": None, "talk_seconds": None}
    else:
        fields |= {"network_result": _RESULTS.get(status), **_detection(callback.form)}
    return callback.parsed(
        status, **fields, recording=_recording_link(callback.form), observed_at=_observed_at(callback, began)
    )


def _inbound(callback: _Callback, status: str, began: datetime, timeline: dict[str, Any]) -> ParsedEvent:
    if callback.parent:
        return _answering_leg(callback, status, timeline)
    # Twilio itself answers every call; only the legs show whether an agent answered, and which one.
    outcome = {"completed": "unknown", "canceled": "abandoned"}.get(status, "missed")
    fields = callback.opening_fields(arrived_at=began, ended_at=timeline["ended_at"])
    fields["outcome"] = outcome if timeline["ended_at"] else None
    return callback.parsed(status, **fields, recording=_recording_link(callback.form), observed_at=began)


def _answering_leg(callback: _Callback, status: str, timeline: dict[str, Any]) -> ParsedEvent:
    """A leg of an inbound call: whether it was answered, and by which agent."""
    if status in _PENDING:
        return ParsedEvent(status)
    if status not in _ANSWERED:
        return callback.parsed(status, **_unanswered(status))
    fields: dict[str, Any] = {"answered_at": timeline["answered_at"], "talk_seconds": timeline["talk_seconds"]}
    return callback.parsed(
        status, **fields, agent=callback.to_agent, outcome="answered", observed_at=callback.event_time
    )


def _unanswered(status: str) -> dict[str, Any]:
    return {"outcome": "abandoned" if status == "canceled" else "missed", "observed_at": PROVISIONAL_TIME}


def _joining_leg(callback: _Callback, status: str, timeline: dict[str, Any]) -> ParsedEvent:
    """An agent's leg of an outgoing call: the agent who took part."""
    if status not in _ANSWERED:
        return ParsedEvent(status)
    joined = timeline["answered_at"]
    fields: dict[str, Any] = {"agent": callback.to_agent, "agent_joined_at": joined, "handled": "agent"}
    return callback.parsed(status, **fields, observed_at=callback.event_time)


def _observed_at(callback: _Callback, began: datetime) -> datetime:
    """When it became known: a whole call counts from its answer, so later callbacks of its legs supersede it."""
    return callback.event_time if callback.parent else began


def _dialled(callback: _Callback) -> ParsedEvent:
    """The result of `<Dial>`, sent by the TwiML application: the far side of its call."""
    form, status = callback.form, callback.form.code("DialCallStatus") or ""
    if status not in _RESULTS:
        return ParsedEvent("dial", known=False)
    answered, talked = status in _ANSWERED, form.flag("DialBridged") is not False
    seconds = (form.seconds("DialCallDuration") if talked else 0) if answered else None
    fields: dict[str, Any] = {
        "talk_seconds": seconds,
        "recording": _recording_link(form),
        "observed_at": callback.event_time,
    }
    if callback.inbound:
        fields |= {"outcome": "answered"} if answered and talked else _unanswered(status)
    else:
        fields |= {"network_result": _RESULTS[status], "agent": callback.from_agent}
        fields["handled"] = "agent" if answered and talked and callback.from_agent else None
    return callback.parsed(f"dial {status}", **fields)


def _recording(callback: _Callback) -> ParsedEvent:
    fields: dict[str, Any] = {"recording": _recording_link(callback.form), "observed_at": callback.event_time}
    if callback.inbound and callback.form.text("RecordingSource") == "RecordVerb":
        fields["outcome"] = "voicemail"
    return callback.parsed("recording", **fields)


def _recording_link(form: Fields) -> Item | None:
    link = link_without_query(form.text("RecordingUrl"))
    return item(uri=link, seconds=form.seconds("RecordingDuration")) if link else None


def _detected(callback: _Callback) -> ParsedEvent:
    fields = {"network_result": "answered", **_detection(callback.form)}
    return callback.parsed("answering machine detection", **fields, observed_at=callback.event_time)


def _detection(form: Fields) -> dict[str, str]:
    """Who picked up, as Twilio detected it; unknown words are ignored."""
    heard = form.text("AnsweredBy") or ""
    who = "machine" if heard.startswith("machine") else _ANSWERED_BY.get(heard)
    return {"answered_by": who, "detector": "amd"} if who else {}


DIALER = Dialer(
    name="twilio",
    title="Twilio",
    secret="The Auth Token of the Twilio account that places the calls: console.twilio.com, Account Info.",
    setup="""\
Pass `{url}` to Twilio wherever your application places a call to a customer:

- REST API, `Calls.create`: `StatusCallback={url}`, `StatusCallbackMethod=POST`,
  `StatusCallbackEvent=initiated ringing answered completed`.
- `<Dial><Number>` for calls from an agent's browser or SIP phone: `statusCallback="{url}"`,
  `statusCallbackEvent="initiated ringing answered completed"`.
- Machine detection: `MachineDetection=Enable`; with `AsyncAmd=true`, also `AsyncAmdStatusCallback={url}`.
- Recordings: `RecordingStatusCallback={url}`.
- A number that customers call: Phone Numbers, Manage, Active numbers, the number, Voice Configuration, Call status
  changes. Enter `{url}?calls=inbound`, HTTP POST. Use this address for its `<Dial><Client>`, `<Dial><Number>` and
  recordings too.

Twilio does not know your agents, leads and campaigns. Add them to the address of each call, percent-encoded:
`{url}?agent=ada&lead=lead-77&campaign=spring-renewals`. Without `campaign`, the hook's campaign applies.

If a call rings the agent first and then dials the customer, set the callback only on the customer's `<Number>`.
Every callback is signed over its whole address: use the address exactly as shown here.
""",
    answer_detection=(
        "Human, machine or fax if machine detection is on. Otherwise answered calls are unknown, and a voicemail"
        " greeting counts as answered."
    ),
    methods=frozenset({"GET", "POST"}),
    verify=verify,
    delivery_key=_delivery_key,
    parse=_parse,
    # If a `<Dial>` action points here too, Twilio would read a plain text aloud to the customer.
    reply=Reply(text="<Response/>", headers={"content-type": "text/xml"}),
    stored_headers=frozenset({"content-type", _TOKEN}),
)
