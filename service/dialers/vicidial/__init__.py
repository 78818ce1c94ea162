"""VICIdial: calls its own web server and dialers tell by fetching an address, with what happened in its query.

There is no schema: an administrator writes the address, and ours has each parameter named as the variable that fills
it (setup). A call is known by `uniqueid` and its lead in all of its events, and in exported reports too; the first
letter of `call_id` tells who called whom. Times are the server's own, without a zone; `epoch` and the first part of
`uniqueid` count from 1970 and are preferred.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from service.dialers import Delivery, Dialer, Hook, Item, Reading, Refused, Unreadable
from service.dialers.parsing import Fields, item, key_of, pairs_of
from service.dialers.vicidial.setup import SETUP
from service.dialers.vicidial.statuses import STATUSES, found_by_the_dialer, inbound_outcome, is_outcome, spoke
from service.ingest.phone import is_number, read_number

_EVENTS = frozenset({"start", "dispo", "noagent", "dead"})
_PASSWORDS = frozenset({"pass", "phone_pass", "orig_pass", "password"})
_NOBODY = frozenset({"VDAD", "VDCL"})

_UNFILLED = re.compile(r"--A--\w+--B--").fullmatch
_UNIQUE_ID = re.compile(r"(?:.*-)?(\d{9,10})\.\d+", re.ASCII).fullmatch
_CALL_ID = re.compile(r"[A-Z](\d{10})\d{10}", re.ASCII).fullmatch
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_NO_DAY = "0000-00-00"


def _sent(delivery: Delivery) -> dict[str, str]:
    """What the query says, or a form; of a name said twice, the first. What is blank or left unfilled says nothing."""
    form = delivery.body if delivery.method == "POST" else b""
    pairs = [*pairs_of(delivery.url.partition("?")[2]), *pairs_of(form)]
    return {name: value for name, value in reversed(pairs) if value.strip() and not _UNFILLED(value)}


def verify(delivery: Delivery, hook: Hook) -> None:
    """Refuse an address that gives away an agent's password; else the address itself is all the proof there is."""
    del hook
    try:
        sent = _sent(delivery)
    except Unreadable:
        return
    if _PASSWORDS & {name.lower() for name in sent}:
        raise Refused("agent_password")


def key(delivery: Delivery) -> str:
    """The whole query: VICIdial fills it once, and a code that is chosen again has another time."""
    return key_of(delivery.url.partition("?")[2], delivery.body)


@dataclass(frozen=True)
class _Told:
    """What every event says of its call. moment: when it happened; began: when the call did."""

    fields: Fields
    hook: Hook
    event: str
    call: str
    status: str | None
    agent: str | None
    moment: datetime
    began: datetime

    @property
    def inbound(self) -> bool:
        """Whether it came from outside; one that an agent passes to an in-group keeps the letter it was dialed with."""
        return self._letter == "Y"

    @property
    def handed(self) -> bool:
        """Whether the dialer placed the call and handed it to an agent, as it does with answered ones only."""
        return self._letter == "V" and self.talked

    @property
    def campaign(self) -> str | None:
        """The campaign that placed the call: an agent who got it through an in-group is logged in to another one."""
        campaign, group = self.fields.code("campaign"), self.fields.code("group")
        if not self.inbound and campaign and group and group != campaign:
            return None
        return campaign or self.hook.campaign

    @property
    def _letter(self) -> str:
        return (self.fields.text("call_id") or "?")[0]

    @property
    def talked(self) -> bool:
        """Whether an agent may have talked with somebody, and not only listened to it ring."""
        return self.agent is not None and spoke(self.status or "")

    @property
    def talk_seconds(self) -> float | None:
        """The agent's time with the other party on the line: not after it hung up, not while nobody picked up."""
        return self.fields.seconds("talk_time") if self.talked else None


def read(delivery: Delivery, hook: Hook) -> Reading:
    """An attempt or an inbound call, and what came of it."""
    fields = Fields(_sent(delivery))
    event = fields.code("event") or _likely(fields)
    if event not in _EVENTS:
        return Reading(event, known=False)
    told = _told(fields, event, delivery, hook)
    if told.inbound:
        return Reading(event, inbound_calls=(_inbound_call(told),))
    return Reading(event, attempts=(_attempt(told),), dispositions=_dispositions(told))


def _likely(fields: Fields) -> str:
    """The event of an address that does not name it."""
    return "noagent" if "status" in fields and "dispo" not in fields else "dispo" if "dispo" in fields else "unnamed"


def _told(fields: Fields, event: str, delivery: Delivery, hook: Hook) -> _Told:
    user = fields.code("user")
    moment = (
        fields.moment("epoch") or _local(fields, "SQLdate", hook.zone, delivery.received_at) or delivery.received_at
    ).astimezone(UTC)
    return _Told(
        fields=fields,
        hook=hook,
        event=event,
        call=_call(fields),
        status=fields.code("dispo") or fields.code("status"),
        agent=None if event == "noagent" or user in _NOBODY else user,
        moment=moment,
        began=min(moment, _began(fields, hook.zone, moment)),
    )


def _call(fields: Fields) -> str:
    """What a call is known by. Asterisk's unique id is unique to one server only, so the lead stands beside it."""
    unique, lead = fields.text("uniqueid"), fields.text("lead_id")
    if unique and lead:
        return Fields({"uniqueid": f"{unique}-{lead}"}).identity("uniqueid")
    if "call_id" not in fields:
        raise Unreadable("there is neither uniqueid with its lead_id nor call_id")
    return fields.identity("call_id")


def _local(fields: Fields, name: str, zone: ZoneInfo, near: datetime) -> datetime | None:
    """A time of the server's clock; of the hour that the end of summer time repeats, whichever is nearer to `near`."""
    text = fields.text(name)
    if text is None or text.startswith(_NO_DAY):
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else _nearest(moment, zone, near)
    except (ValueError, OverflowError):
        raise Unreadable(f"{name} is not a time") from None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise Unreadable(f"{name} is not a time")
    return moment


def _nearest(moment: datetime, zone: ZoneInfo, near: datetime) -> datetime:
    both = [moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return min(both, key=lambda one: abs(one - near))


def _began(fields: Fields, zone: ZoneInfo, moment: datetime) -> datetime:
    """When the call began: as its unique id says, else its call id, else counted back from the event."""
    if unique := _UNIQUE_ID(fields.text("uniqueid") or ""):
        return datetime.fromtimestamp(int(unique[1]), UTC)
    if written := _CALL_ID(fields.text("call_id") or ""):
        for year in (moment.year + 1, moment.year, moment.year - 1):
            try:
                placed = _nearest(datetime.strptime(f"{year}{written[1]}", "%Y%m%d%H%M%S"), zone, moment)  # noqa: DTZ007
            except (ValueError, OverflowError):
                continue
            if placed <= moment:
                return placed
    return moment - timedelta(seconds=min(fields.seconds("talk_time") or 0, 86_400))


def _number(fields: Fields) -> str | None:
    """The other party's number: the one that was dialed, else the lead's first; VICIdial keeps its country apart."""
    national = fields.text("dialed_number") or fields.text("phone_number")
    code = fields.text("phone_code")
    if national is None or code is None:
        return national and national[:64]
    whole = read_number(f"+{code}{national}"[:64], "ZZ").number
    return whole if is_number(whole) else national[:64]


def _common(told: _Told) -> Item:
    fields = told.fields
    recording = fields.code("recording_id")
    return item(
        external_id=told.call,
        campaign=told.campaign,
        agent=told.agent,
        lead=fields.code("vendor_lead_code") or fields.code("lead_id"),
        source=fields.code("source_id"),
        recording=recording and {"uri": f"vicidial:recording:{recording}"},
        observed_at=told.moment,
    )


def _attempt(told: _Told) -> Item:
    return {**_common(told), **item(to_number=_number(told.fields), dialed_at=told.began), **_happened(told)}


def _happened(told: _Told) -> Item:
    """What the event itself says of an attempt; the status that an agent chose says the rest, as a disposition."""
    match told.event:
        case "start":
            return item(network_result="answered", handled="agent", agent_joined_at=told.moment)
        case "dead":
            return item(ended_at=told.moment)
        case _ if told.agent is None:
            return found_by_the_dialer(told.status or "")
        case _:
            return item(
                talk_seconds=told.talk_seconds,
                handled="agent" if told.talk_seconds else None,
                network_result="answered" if told.handed else None,
            )


def _outcome(told: _Told) -> Item | None:
    """The status as a disposition, its time and who chose it; none where it says only how far the lead is."""
    fields = told.fields
    if told.status is None or told.event in {"start", "dead"} or not is_outcome(told.status):
        return None
    return item(
        code=told.status,
        set_at=told.moment,
        agent=told.agent,
        callback_at=_local(fields, "callback_datetime", told.hook.zone, told.moment),
        note=fields.text("call_notes"),
    )


def _dispositions(told: _Told) -> tuple[Item, ...]:
    outcome = _outcome(told)
    return ({"attempt": told.call, **outcome},) if outcome else ()


def _inbound_call(told: _Told) -> Item:
    fields = told.fields
    said = item(
        from_number=_number(fields),
        to_number=fields.number("did_pattern"),
        arrived_at=told.began,
        answered_at=told.moment if told.event == "start" else None,
        ended_at=told.moment if told.event == "dead" else None,
        queue=fields.code("group"),
        talk_seconds=told.talk_seconds if told.event == "dispo" else None,
        outcome=_inbound_outcome(told),
        disposition=_outcome(told),
    )
    return {**_common(told), **said}


def _inbound_outcome(told: _Told) -> str | None:
    if told.agent is None:
        return inbound_outcome(told.status or "")
    return "answered" if told.talked else None


DIALER = Dialer(
    name="vicidial",
    title="VICIdial",
    secret=None,
    setup=SETUP,
    tells=(
        "VICIdial tells a machine where its own detection found one (AA, AM, AL) or the agent says so (A), and a person"
        " by the status an agent chose; an answered call with a status that has no meaning yet is unknown."
    ),
    verify=verify,
    key=key,
    read=read,
    dispositions=STATUSES,
)
