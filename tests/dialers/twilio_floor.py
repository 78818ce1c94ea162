"""A floor of Twilio calls: a table of what happened and what is right, told as Twilio tells it.

`twilio/floor/calls.csv` has a row for each call. The last columns say what the ledger must hold, worked by hand:
`result` is the network result, or the outcome of an inbound call; `talk`, `hold` and `shares` (agent, talk, hold) are
seconds. Empty means null. `way` says how the call came about:

- `browser`, `sip`, `phone`: the call of the agent `by`, from a browser, a SIP phone or a phone, dialed the customer.
- `api`: the application called the customer, and dialed agents for the customer.
- `conference`: the agent `by` opened a conference, and the application put the customer and agents into it.
- `in`: the customer called the account.

`steps` is what happened, each with its second after the start: `answer 9 human; join ada 25; leave ada 95; end 95`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote, urlencode

from service.dialers import Delivery
from tests.dialers.deliveries import ADDRESS, OURS

OPENING = datetime(2026, 4, 14, 14, tzinfo=UTC)
OWN_NUMBER = "+13125550190"
_ACCOUNT = "AC5f00000000000000000000000000000a"
_AGENT_FIRST = {"browser": "client:{}", "sip": "sip:{}@floor.sip.twilio.com", "phone": "+13125550177"}

Form = dict[str, str]


@dataclass(frozen=True)
class FloorCall:
    """A row of the table."""

    call: str
    at: str
    way: str
    by: str
    agent: str
    lead: str
    phone: str
    steps: str
    result: str
    answered_by: str
    handled: str
    talk: str
    hold: str
    shares: str

    @property
    def is_inbound(self) -> bool:
        """Whether the customer called."""
        return self.way == "in"

    def moment(self, second: int) -> datetime:
        """A second of the call as a time."""
        minutes, seconds = map(int, self.at.split(":"))
        return OPENING + timedelta(minutes=minutes, seconds=seconds + second)

    def deliveries(self) -> Iterator[Delivery]:
        """What Twilio delivers of the call, in order."""
        yield from sorted(_Teller(self).tell(), key=lambda delivery: delivery.received_at)


def floor() -> list[FloorCall]:
    """The calls of the table."""
    with (OURS / "twilio" / "floor" / "calls.csv").open() as file:
        return [FloorCall(**row) for row in csv.DictReader(file)]


class _Teller:
    """Tells one call step by step. answered: the second of each leg's answer, by its agent; the customer's is ""."""

    def __init__(self, row: FloorCall) -> None:
        self.row = row
        self.answered: dict[str, int] = {}
        self.heard: Form = {}

    def tell(self) -> Iterator[Delivery]:
        row = self.row
        yield from self._parent()
        begins = {"ringing": 0} if row.is_inbound else {"initiated": 0}
        if row.is_inbound and "canceled" not in row.steps:
            self.answered[""] = begins["in-progress"] = 1
        for status, second in begins.items():
            yield self._customer(status, second)
        for step in row.steps.split("; "):
            verb, *details = step.split()
            yield from getattr(self, f"_{verb.replace('-', '_')}")(*details)

    def _parent(self) -> Iterator[Delivery]:
        """The own call of an agent who dials: no call of a customer, whether it is told or not."""
        row = self.row
        if row.way not in _AGENT_FIRST:
            return
        end = _AGENT_FIRST[row.way].format(row.by)
        ends = {"From": OWN_NUMBER, "To": end} if row.way == "phone" else {"From": end, "To": row.phone}
        direction = "outbound-api" if row.way == "phone" else "inbound"
        query = f"calls=agent&agent={row.by}" if row.way == "phone" else ""
        for status, second in (("in-progress", -4), ("completed", 400)):
            form = {"CallSid": f"{row.call}p", "CallStatus": status, "Direction": direction, **ends}
            yield self._sent(form, second, query)

    def _customer(self, status: str, second: int, query: str = "", **more: str) -> Delivery:
        row = self.row
        to = f"sip:{row.phone}@eu.trunk.example.net;transport=tls" if row.way == "sip" else row.phone
        ends = {"From": row.phone, "To": OWN_NUMBER} if row.is_inbound else {"From": OWN_NUMBER, "To": to}
        form = {"CallSid": row.call, "CallStatus": status, **ends, **self.heard, **more}
        if row.way in _AGENT_FIRST:
            form |= {"ParentCallSid": f"{row.call}p", "Direction": "outbound-dial"}
        else:
            form["Direction"] = "inbound" if row.is_inbound else "outbound-api"
        return self._sent(form, second, "&".join(filter(None, (self._address(), query))))

    def _address(self) -> str:
        row = self.row
        if row.is_inbound:
            return "calls=inbound"
        agent = f"agent={row.by}&" if row.way in {*_AGENT_FIRST, "conference"} else ""
        return f"{agent}lead={row.lead}"

    def _sent(self, form: Form, second: int, query: str = "") -> Delivery:
        moment = self.row.moment(second)
        url = ADDRESS.format(dialer="twilio") + (f"?{quote(query, safe='=&+')}" if query else "")
        body = urlencode({"AccountSid": _ACCOUNT, "Timestamp": format_datetime(moment), **form}).encode()
        return Delivery("POST", url, {"content-type": "application/x-www-form-urlencoded"}, body, moment)

    def _ring(self, second: str) -> Iterator[Delivery]:
        yield self._customer("ringing", int(second))

    def _answer(self, second: str, by: str) -> Iterator[Delivery]:
        self.answered[""], self.heard = int(second), {"AnsweredBy": by}
        yield self._customer("in-progress", int(second))

    def _end(self, second: str, query: str = "") -> Iterator[Delivery]:
        seconds = int(second) - self.answered[""]
        yield self._customer("completed", int(second), query, CallDuration=str(seconds))
        if self.row.way == "browser":
            yield self._dialed(int(second), seconds)

    def _dialed(self, second: int, seconds: int) -> Delivery:
        """The result of Dial, which has no time of its own."""
        row = self.row
        form = {
            "CallSid": f"{row.call}p",
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": f"client:{row.by}",
        }
        form |= {"To": row.phone, "DialCallSid": row.call, "DialCallStatus": "completed", "DialBridged": "true"}
        sent = self._sent(form | {"DialCallDuration": str(seconds)}, second, f"lead={row.lead}")
        return replace(
            sent, body=b"&".join(pair for pair in sent.body.split(b"&") if not pair.startswith(b"Timestamp"))
        )

    def _drop(self, second: str) -> Iterator[Delivery]:
        yield from self._end(second, "handled=abandoned_by_us")

    def _unanswered(self, status: str, second: str, code: str = "") -> Iterator[Delivery]:
        yield self._customer(status, int(second), CallDuration="0", **({"SipResponseCode": code} if code else {}))

    def _busy(self, second: str) -> Iterator[Delivery]:
        return self._unanswered("busy", second)

    def _no_answer(self, second: str) -> Iterator[Delivery]:
        return self._unanswered("no-answer", second)

    def _canceled(self, second: str) -> Iterator[Delivery]:
        return self._unanswered("canceled", second)

    def _failed(self, second: str, code: str = "") -> Iterator[Delivery]:
        return self._unanswered("failed", second, code)

    def _join(self, agent: str, second: str) -> Iterator[Delivery]:
        self.answered[agent] = int(second)
        if self.row.way == "conference":
            yield self._in_conference("participant-join", agent, second)
        yield self._agents_leg("in-progress", agent, int(second))

    def _leave(self, agent: str, second: str) -> Iterator[Delivery]:
        if self.row.way == "conference":
            yield self._in_conference("participant-leave", agent, second)
        duration = str(int(second) - self.answered[agent])
        yield self._agents_leg("completed", agent, int(second), CallDuration=duration)

    def _miss(self, agent: str, second: str) -> Iterator[Delivery]:
        yield self._agents_leg("ringing", agent, int(second) - 12)
        yield self._agents_leg("no-answer", agent, int(second), CallDuration="0")

    def _agents_leg(self, status: str, agent: str, second: int, **more: str) -> Delivery:
        row = self.row
        ends = {"From": row.phone if row.is_inbound else OWN_NUMBER, "To": f"client:{agent}"}
        form = {"CallSid": f"{row.call}-{agent}", "CallStatus": status, **ends, **more}
        if row.way == "conference":
            return self._sent(form | {"Direction": "outbound-api"}, second)
        query = "calls=inbound" if row.is_inbound else ""
        return self._sent(form | {"Direction": "outbound-dial", "ParentCallSid": row.call}, second, query)

    def _in_conference(self, event: str, agent: str, second: str, call: str | None = None) -> Delivery:
        row = self.row
        form = {
            "ConferenceSid": f"CF{row.call}",
            "StatusCallbackEvent": event,
            "CallSid": call or f"{row.call}-{agent}",
            "ParticipantLabel": "customer" if call else agent,
        }
        return self._sent(form, int(second), f"call={row.call}&agent={row.by}")

    def _hold(self, agent: str, second: str) -> Iterator[Delivery]:
        yield self._in_conference("participant-hold", agent, second, self.row.call)

    def _unhold(self, agent: str, second: str) -> Iterator[Delivery]:
        yield self._in_conference("participant-unhold", agent, second, self.row.call)

    def _queue(self, waited: str, second: str, result: str) -> Iterator[Delivery]:
        form = {"CallSid": self.row.call, "CallStatus": "in-progress", "Direction": "inbound", "From": self.row.phone}
        form |= {"To": OWN_NUMBER, "QueueSid": "QU7", "QueueResult": result, "QueueTime": waited}
        yield self._sent(form, int(second), "calls=inbound")

    def _record(self, seconds: str, source: str = "StartCallRecordingAPI") -> Iterator[Delivery]:
        form = {"CallSid": self.row.call, "RecordingSid": f"RE{self.row.call}", "RecordingStatus": "completed"}
        form["RecordingUrl"] = f"https://api.twilio.com/2010-04-01/Accounts/{_ACCOUNT}/Recordings/RE{self.row.call}"
        form |= {"RecordingDuration": seconds, "RecordingSource": source}
        yield self._sent(form, 420, self._address())

    def _voicemail(self, seconds: str) -> Iterator[Delivery]:
        return self._record(seconds, "RecordVerb")
