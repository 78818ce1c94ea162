"""VICIdial: its web server and dialers fetch an address, with the event in the query.

There is no schema: an administrator writes the address, and ours names each parameter after the variable that fills
it (setup). `uniqueid` and the lead identify a call in all its events, and in exported reports too. The first letter
of `call_id` shows the direction. Times are the server's local times, without a zone; `epoch` and the first part of
`uniqueid` count from 1970 and are preferred. Each agent of a transferred call sends an own outcome and own talk time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Refused, Unreadable
from service.dialers.parsing import Fields, attempt_dispositions, hash_key, item, parse_pairs
from service.dialers.vicidial.setup import SETUP
from service.dialers.vicidial.statuses import (
    STATUSES,
    agent_may_have_talked,
    dialer_result,
    inbound_outcome,
    is_outcome,
)
from service.dialers.vicidial.times import local_time, start_of_call
from service.ingest.phone import is_number, read_number

_EVENTS = frozenset({"start", "dispo", "noagent", "dead"})
_PASSWORDS = frozenset({"pass", "phone_pass", "orig_pass", "password"})
# The dialer itself, where no agent had the call.
_DIALER_USERS = frozenset({"VDAD", "VDCL"})
_TRANSFERRED = "XFER"

_UNFILLED = re.compile(r"--A--\w+--B--").fullmatch


def _query_values(delivery: Delivery) -> dict[str, str]:
    """The values of the query; the first value of a name. Blank or unfilled values are left out."""
    pairs = parse_pairs(delivery.url.partition("?")[2])
    return {name: value for name, value in reversed(pairs) if value.strip() and not _UNFILLED(value)}


def verify(delivery: Delivery, hook: HookSettings) -> None:
    """Refuse an address that reveals an agent's password; otherwise the address itself is the only proof."""
    del hook
    try:
        sent = _query_values(delivery)
    except Unreadable:
        return
    if _PASSWORDS & {name.lower() for name in sent}:
        raise Refused("agent_password")


def delivery_key(delivery: Delivery) -> str:
    """The whole query: VICIdial fills it once, and a code that is chosen again has another time."""
    return hash_key(delivery.url.partition("?")[2], b"")


@dataclass(frozen=True)
class _CallEvent:
    """An event of a call. event_time: when the event happened; started_at: when the call began."""

    fields: Fields
    hook: HookSettings
    event: str
    call_id: str
    status: str | None
    agent: str | None
    event_time: datetime
    started_at: datetime

    @property
    def observed_at(self) -> datetime:
        """When the event became known: a transfer when the agent's talk was over, however late the agent says so.

        So the outcome of the agent who got the call comes after it.
        """
        if self.status != _TRANSFERRED:
            return self.event_time
        return min(self.event_time, self.started_at + timedelta(seconds=min(self.talk_seconds or 0, 86_400)))

    @property
    def participants(self) -> list[Item] | None:
        """The agent's own share of the call, from the outcome the agent chose."""
        if self.event != "dispo" or not self.talk_seconds:
            return None
        role = "fronter" if self.status == _TRANSFERRED else "closer" if self.passed_on else None
        return [item(agent=self.agent, role=role, talk_seconds=self.talk_seconds)]

    @property
    def passed_on(self) -> bool:
        """Whether the agent got the call through an in-group, which another agent or the dialer passed it to."""
        campaign, group = self.fields.code("campaign"), self.fields.code("group")
        return not self.inbound and bool(campaign and group and group != campaign)

    @property
    def inbound(self) -> bool:
        """Whether the call came in; a call that an agent passes to an in-group keeps the letter it was dialed with."""
        return self._letter == "Y"

    @property
    def connected_by_dialer(self) -> bool:
        """Whether the dialer placed the call and connected an agent, which it does only for answered calls."""
        return self._letter == "V" and self.agent_talked

    @property
    def campaign(self) -> str | None:
        """The campaign that placed the call; an agent who got it through an in-group is logged in to another one."""
        return None if self.passed_on else self.fields.code("campaign") or self.hook.campaign

    @property
    def _letter(self) -> str:
        return (self.fields.text("call_id") or "?")[0]

    @property
    def agent_talked(self) -> bool:
        """Whether an agent may have talked to the other party, and not only heard the line ring."""
        return self.agent is not None and agent_may_have_talked(self.status or "")

    @property
    def talk_seconds(self) -> float | None:
        """The agent's time with the other party on the line, without ringing and without time after a hang-up."""
        return self.fields.seconds("talk_time") if self.agent_talked else None


def parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    """An attempt or an inbound call, with its outcome."""
    fields = Fields(_query_values(delivery))
    event = fields.code("event") or _implied_event(fields)
    if event not in _EVENTS:
        return ParsedEvent(event, known=False)
    call = _call_event(fields, event, delivery, hook)
    if call.inbound:
        return ParsedEvent(event, inbound_calls=(_inbound_call(call),))
    return ParsedEvent(event, attempts=(_attempt(call),), dispositions=_dispositions(call))


def _implied_event(fields: Fields) -> str:
    """The event of an address that does not name it."""
    return "noagent" if "status" in fields and "dispo" not in fields else "dispo" if "dispo" in fields else "unnamed"


def _call_event(fields: Fields, event: str, delivery: Delivery, hook: HookSettings) -> _CallEvent:
    user = fields.code("user")
    time = (
        fields.time("epoch") or local_time(fields, "SQLdate", hook.zone, delivery.received_at) or delivery.received_at
    ).astimezone(UTC)
    return _CallEvent(
        fields=fields,
        hook=hook,
        event=event,
        call_id=_call_id(fields),
        status=fields.code("dispo") or fields.code("status"),
        agent=None if event == "noagent" or (user or "").upper() in _DIALER_USERS else user,
        event_time=time,
        started_at=min(time, start_of_call(fields, hook.zone, time)),
    )


def _call_id(fields: Fields) -> str:
    """The id of a call. Asterisk's unique id is unique only on one server, so the lead is part of it."""
    unique, lead = fields.text("uniqueid"), fields.text("lead_id")
    if unique and lead:
        return Fields({"uniqueid": f"{unique}-{lead}"}).identity("uniqueid")
    if "call_id" not in fields:
        raise Unreadable("there is neither uniqueid with its lead_id nor call_id")
    return fields.identity("call_id")


def _number(fields: Fields) -> str | None:
    """The other party's number: the dialed one, otherwise the lead's; VICIdial sends its country code separately."""
    national = fields.text("dialed_number") or fields.text("phone_number")
    code = fields.text("phone_code")
    if national is None or code is None:
        return national and national[:64]
    whole = read_number(f"+{code}{national}"[:64], "ZZ").number
    return whole if is_number(whole) else national[:64]


def _shared_fields(call: _CallEvent) -> Item:
    fields = call.fields
    recording = fields.code("recording_id")
    return item(
        external_id=call.call_id,
        campaign=call.campaign,
        agent=call.agent,
        lead=fields.code("vendor_lead_code") or fields.code("lead_id"),
        contact=fields.code("lead_id"),
        source=fields.code("source_id"),
        participants=call.participants,
        recording=recording and {"uri": f"vicidial:recording:{recording}"},
        observed_at=call.observed_at,
    )


def _attempt(call: _CallEvent) -> Item:
    return {
        **_shared_fields(call),
        **item(to_number=_number(call.fields), dialed_at=call.started_at),
        **_event_fields(call),
    }


def _event_fields(call: _CallEvent) -> Item:
    """The event's own fields of an attempt; an agent's status adds the rest, as a disposition."""
    match call.event:
        case "start":
            return item(network_result="answered", handled="agent", agent_joined_at=call.event_time)
        case "dead":
            return item(ended_at=call.event_time)
        case _ if call.agent is None:
            return dialer_result(call.status or "")
        case _:
            return item(
                talk_seconds=call.talk_seconds,
                handled="agent" if call.talk_seconds else None,
                network_result="answered" if call.connected_by_dialer else None,
            )


def _outcome(call: _CallEvent) -> Item | None:
    """The status as a disposition, with its time and agent; None if it only describes the lead's progress."""
    fields = call.fields
    if call.status is None or call.event in {"start", "dead"} or not is_outcome(call.status):
        return None
    return item(
        code=call.status,
        set_at=call.observed_at,
        agent=call.agent,
        callback_at=local_time(fields, "callback_datetime", call.hook.zone, call.event_time),
        note=fields.text("call_notes"),
    )


def _dispositions(call: _CallEvent) -> tuple[Item, ...]:
    return attempt_dispositions(call.call_id, filter(None, [_outcome(call)]))


def _inbound_call(call: _CallEvent) -> Item:
    fields = call.fields
    own_fields = item(
        from_number=_number(fields),
        to_number=fields.number("did_pattern"),
        arrived_at=call.started_at,
        answered_at=call.event_time if call.event == "start" else None,
        ended_at=call.event_time if call.event == "dead" else None,
        queue=fields.code("group"),
        talk_seconds=call.talk_seconds if call.event == "dispo" else None,
        outcome=_inbound_outcome(call),
        disposition=_outcome(call),
    )
    return {**_shared_fields(call), **own_fields}


def _inbound_outcome(call: _CallEvent) -> str | None:
    if call.agent is None:
        return inbound_outcome(call.status or "")
    return "answered" if call.agent_talked else None


DIALER = Dialer(
    name="vicidial",
    title="VICIdial",
    secret=None,
    setup=SETUP,
    answer_detection=(
        "A machine is known from VICIdial's detection (AA, AM, AL) or the agent's status (A), a person from the"
        " status an agent chose. An answered call with an undefined status is unknown."
    ),
    methods=frozenset({"GET"}),
    tells=frozenset({"answer", "person", "transfer", "drop", "disposition", "lead"}),
    tells_inbound=frozenset({"queue", "transfer"}),
    verify=verify,
    delivery_key=delivery_key,
    parse=parse,
    dispositions=STATUSES,
)
