"""Twilio: calls that an application of one's own places, told by status callbacks.

Twilio signs every callback over its address and its form. A call is told by its `CallSid`; legs that `<Dial>` adds to
it carry `ParentCallSid` and are told of under that, so that they are no calls of their own. `Duration` is minutes
rounded up and is not read; `CallDuration` is seconds from answer to end. SIP codes decide nothing.

What Twilio cannot know stands in the query of the callback's address, which is signed too: agent, lead, campaign, and
calls=inbound beside callbacks that do not say which way their call went (recordings, legs to an agent's browser).
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from reports.model.types import AnsweredBy, NetworkResult
from service.dialers import Answer, Delivery, Dialer, Hook, Item, Reading, Unreadable
from service.dialers.parsing import UNLESS_ANSWERED, Fields, form_of, item, key_of, pairs_of, query_of, stable
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


def _key(delivery: Delivery) -> str:
    token = delivery.headers.get(_TOKEN)
    if token:
        return key_of("token", token)
    try:
        sent = urlsplit(delivery.url).query if delivery.method == "GET" else delivery.body
        return key_of("form", sorted(pairs_of(sent)))
    except (Unreadable, ValueError):
        return key_of("bytes", delivery.url, delivery.body)


class _Callback:
    """A callback as it is read: what it says, what its address adds, and whose call it is of."""

    def __init__(self, delivery: Delivery, hook: Hook) -> None:
        self.form = form_of(delivery)
        self.ours = query_of(delivery)
        self.at = self.form.moment("Timestamp", UTC) or delivery.received_at
        self.parent = self.form.code("ParentCallSid")
        self.to_agent = _agent(self.form.text("To"))
        self.from_agent = _agent(self.form.text("From"))
        self._hook = hook

    @property
    def call(self) -> str:
        """The call this is about: of a leg, the call it was dialled out of."""
        return self.form.identity("ParentCallSid" if self.parent else "CallSid")

    @property
    def inbound(self) -> bool:
        """Whether somebody called us. A leg says so by the number it was called through, where that is not its own."""
        if self.ours.text("calls") == "inbound":
            return True
        if self.parent:
            via = self.form.text("CalledVia") or self.form.text("ForwardedFrom")
            return via is not None and via != self.form.text("From")
        return self.form.text("Direction") in _INBOUND and not self.from_agent

    def reading(self, event: str, **said: Any) -> Reading:
        """The reading with one item: said, and what the address says of the call."""
        told = {
            "campaign": self.ours.code("campaign"),
            "agent": self.ours.code("agent"),
            "lead": self.ours.code("lead"),
        }
        one = item(external_id=self.call, **said | {name: value for name, value in told.items() if value})
        return Reading(event, inbound_calls=(one,)) if self.inbound else Reading(event, attempts=(one,))

    def beginning(self, **said: Any) -> dict[str, Any]:
        """What is said by callbacks that begin a call, where nothing else does."""
        return {
            "campaign": self._hook.campaign,
            "to_number": self.form.number("To"),
            "from_number": self.form.number("From"),
            **said,
        }


def _agent(address: str | None) -> str | None:
    """The agent at the other end, where that is one of our own addresses: a browser's or a SIP phone's."""
    if not address or not address.lower().startswith(_OWN_ADDRESSES):
        return None
    return address.partition(":")[2][:200].strip() or None


def _read(delivery: Delivery, hook: Hook) -> Reading:
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
    return Reading("unknown", known=False)


def _status(callback: _Callback) -> Reading:
    status = callback.form.code("CallStatus") or ""
    if status not in _PENDING and status not in _RESULTS:
        return Reading(status, known=False)
    seconds = callback.form.seconds("CallDuration") if status == "completed" else None
    # A call began when it is first told of, at the latest: the ledger keeps the earliest that is said.
    began = callback.at - timedelta(seconds=seconds or 0)
    timeline: dict[str, Any] = {
        "answered_at": began if status == "in-progress" or seconds is not None else None,
        "ended_at": callback.at if status not in _PENDING and status != "in-progress" else None,
        "talk_seconds": seconds,
    }
    if callback.inbound:
        return _inbound(callback, status, began, timeline)
    if callback.parent and callback.to_agent:
        return _joining_leg(callback, status, timeline)
    return _outbound(callback, status, began, timeline)


def _outbound(callback: _Callback, status: str, began: datetime, timeline: dict[str, Any]) -> Reading:
    said = callback.beginning(dialed_at=None if status == "queued" else began, **timeline)
    if callback.from_agent and not callback.parent:
        # An agent's browser has called Twilio, which answers at once; of the customer only the leg beyond can tell.
        said |= {"agent": callback.from_agent, "from_number": None, "answered_at": None, "talk_seconds": None}
    else:
        said |= {"network_result": _RESULTS.get(status), **_detection(callback.form)}
    return callback.reading(status, **said, recording=_recorded(callback.form), observed_at=_observed(callback, began))


def _inbound(callback: _Callback, status: str, began: datetime, timeline: dict[str, Any]) -> Reading:
    if callback.parent:
        return _answering_leg(callback, status, timeline)
    # That Twilio answered says nothing of people: who did, or that nobody did, only the legs beyond can tell.
    outcome = {"completed": "unknown", "canceled": "abandoned"}.get(status, "missed")
    said = callback.beginning(arrived_at=began, ended_at=timeline["ended_at"])
    said["outcome"] = outcome if timeline["ended_at"] else None
    return callback.reading(status, **said, recording=_recorded(callback.form), observed_at=began)


def _answering_leg(callback: _Callback, status: str, timeline: dict[str, Any]) -> Reading:
    """A leg that a call which came in was passed on to: it says whether anybody answered, and who."""
    if status in _PENDING:
        return Reading(status)
    if status not in _ANSWERED:
        return callback.reading(status, **_unanswered(status))
    said: dict[str, Any] = {"answered_at": timeline["answered_at"], "talk_seconds": timeline["talk_seconds"]}
    return callback.reading(status, **said, agent=callback.to_agent, outcome="answered", observed_at=callback.at)


def _unanswered(status: str) -> dict[str, Any]:
    return {"outcome": "abandoned" if status == "canceled" else "missed", "observed_at": UNLESS_ANSWERED}


def _joining_leg(callback: _Callback, status: str, timeline: dict[str, Any]) -> Reading:
    """An agent's leg of a call that went out: it says who took part."""
    if status not in _ANSWERED:
        return Reading(status)
    joined = timeline["answered_at"]
    said: dict[str, Any] = {"agent": callback.to_agent, "agent_joined_at": joined, "handled": "agent"}
    return callback.reading(status, **said, observed_at=callback.at)


def _observed(callback: _Callback, began: datetime) -> datetime:
    """When it was known: of a whole call from its answer on, so that what its legs say afterwards outranks it."""
    return callback.at if callback.parent else began


def _dialled(callback: _Callback) -> Reading:
    """What came of `<Dial>`, sent by the TwiML application: the far side of the call it is about."""
    form, status = callback.form, callback.form.code("DialCallStatus") or ""
    if status not in _RESULTS:
        return Reading("dial", known=False)
    answered, talked = status in _ANSWERED, form.flag("DialBridged") is not False
    seconds = (form.seconds("DialCallDuration") if talked else 0) if answered else None
    said: dict[str, Any] = {"talk_seconds": seconds, "recording": _recorded(form), "observed_at": callback.at}
    if callback.inbound:
        said |= {"outcome": "answered"} if answered and talked else _unanswered(status)
    else:
        said |= {"network_result": _RESULTS[status], "agent": callback.from_agent}
        said["handled"] = "agent" if answered and talked and callback.from_agent else None
    return callback.reading(f"dial {status}", **said)


def _recording(callback: _Callback) -> Reading:
    said: dict[str, Any] = {"recording": _recorded(callback.form), "observed_at": callback.at}
    if callback.inbound and callback.form.text("RecordingSource") == "RecordVerb":
        said["outcome"] = "voicemail"
    return callback.reading("recording", **said)


def _recorded(form: Fields) -> Item | None:
    link = stable(form.text("RecordingUrl"))
    return item(uri=link, seconds=form.seconds("RecordingDuration")) if link else None


def _detected(callback: _Callback) -> Reading:
    said = {"network_result": "answered", **_detection(callback.form)}
    return callback.reading("answering machine detection", **said, observed_at=callback.at)


def _detection(form: Fields) -> dict[str, str]:
    """Who picked up, as Twilio heard it; of words it has not said so far, nothing."""
    heard = form.text("AnsweredBy") or ""
    who = "machine" if heard.startswith("machine") else _ANSWERED_BY.get(heard)
    return {"answered_by": who, "detector": "amd"} if who else {}


DIALER = Dialer(
    name="twilio",
    title="Twilio",
    secret="The Auth Token of the Twilio account that places the calls: console.twilio.com, Account Info.",
    setup="""\
Give `{url}` to Twilio wherever your application places a call to a customer:

- REST API, `Calls.create`: `StatusCallback={url}`, `StatusCallbackMethod=POST`,
  `StatusCallbackEvent=initiated ringing answered completed`.
- `<Dial><Number>` behind an agent's browser or SIP phone: `statusCallback="{url}"`,
  `statusCallbackEvent="initiated ringing answered completed"`.
- Machine detection: `MachineDetection=Enable`; with `AsyncAmd=true` also `AsyncAmdStatusCallback={url}`.
- Recordings: `RecordingStatusCallback={url}`.
- A number that customers call: Phone Numbers, Manage, Active numbers, the number, Voice Configuration, Call status
  changes: `{url}?calls=inbound`, HTTP POST. The same address on its `<Dial><Client>`, `<Dial><Number>` and recordings.

Twilio does not know your agents, leads and campaigns: add them to the address, call by call, each percent-encoded:
`{url}?agent=ada&lead=lead-77&campaign=spring-renewals`. Without `campaign` it is the hook's.

If a call rings the agent first and dials the customer after that, set the callback on the customer's `<Number>` only.
Every callback is signed over its whole address: use it exactly as it is given here.
""",
    tells="Human, machine or fax where machine detection is on, else unknown: a voicemail greeting counts as answered.",
    verify=verify,
    key=_key,
    read=_read,
    # A `<Dial>` action that is pointed here as well would read plain text aloud to the customer.
    answer=Answer(text="<Response/>", headers={"content-type": "text/xml"}),
    keeps=frozenset({"content-type", _TOKEN}),
)
