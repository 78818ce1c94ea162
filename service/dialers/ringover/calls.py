"""Ringover's events of a call as it runs: ringing, answer, end, missed calls and voicemails."""

from datetime import datetime

from reports.model.vocabulary import AnsweredBy
from service.dialers import HookSettings, Item
from service.dialers.parsing import PROVISIONAL_TIME, Fields, format_time, item
from service.dialers.ringover.recordings import recording

CALL_EVENTS = frozenset({"ringing", "answered", "hangup", "missed", "voicemail"})
_ANSWERED_BY: dict[str, AnsweredBy] = {
    "human": "human",
    "person": "human",
    "machine": "machine",
    "answering_machine": "machine",
    "voicemail": "machine",
    "fax": "fax_or_tone",
}
# `machine_start`, `machine_end_beep` and the like.
_MACHINE_WORDS = ("machine_", "answering_machine_", "voicemail_")


class Call:
    """A call at the time of one of its events.

    connected: whether a person or a machine picked up; None if that is unknown.
    """

    def __init__(self, event: str, data: Fields, sent_at: datetime) -> None:
        self.event, self.data = event, data
        self.id = data.identity("call_id")
        self.outbound = data.code("direction") == "outbound"
        # A leg between colleagues: a consultation or a transfer within a customer's call, or a call of its own.
        self.internal = bool(data.flag("is_internal")) and not data.flag("is_ivr")
        self.agent = data.code("user_id") or data.nested("user").code("user_id")
        self.began, self.picked_up, self.ended = (_time(data, name) for name in ("start", "answered", "hangup"))
        self.answered_by = _answered_by(event, data)
        self.connected = self._connected()
        # A later step supersedes an earlier one; only an end is final.
        self.known_at = self.ended or (self.began if event == "ringing" else None) or sent_at

    @property
    def answered_at(self) -> datetime | None:
        """When a person answered. A voicemail also has an answer time: the machine's."""
        return None if self.event == "voicemail" else self.picked_up

    def _connected(self) -> bool | None:
        if self.event in {"answered", "voicemail"} or self.picked_up or self.answered_by:
            return True
        if self.event == "hangup":
            seconds = self.data.seconds("duration_in_seconds")
            return None if seconds is None else seconds > 0
        return False if self.event == "missed" else None

    @property
    def talk_seconds(self) -> float | None:
        """From answer to end if both are sent, otherwise Ringover's count; never longer than the call."""
        if self.event != "hangup" or not self.connected:
            return None
        if self.picked_up and self.ended:
            return max(round((self.ended - self.picked_up).total_seconds(), 3), 0)
        seconds = self.data.seconds("duration_in_seconds")
        whole = (self.ended - self.began).total_seconds() if self.began and self.ended else None
        return seconds if seconds is None or whole is None else min(seconds, max(whole, 0))

    @property
    def parts(self) -> list[Item] | None:
        """The part of this event's agent: from answer to the end of the agent's own leg. A transfer has several."""
        if not self.agent or not self.answered_at or self.event not in {"answered", "hangup"}:
            return None
        left = format_time(self.ended) if self.event == "hangup" and self.ended else None
        return [item(agent=self.agent, from_at=format_time(self.answered_at), to_at=left)]


def _time(data: Fields, name: str) -> datetime | None:
    """A time, which newer versions also write as ISO 8601."""
    return data.time(f"{name}_time") or data.time(f"{name}_date_time_atom")


def _answered_by(event: str, data: Fields) -> AnsweredBy | None:
    """Who picked up, if Ringover detected it; unknown words are ignored."""
    if event == "voicemail":
        return "machine"
    word = (data.text("answering_machine_detection") or "").lower().replace("-", "_").replace(" ", "_")
    return "machine" if word.startswith(_MACHINE_WORDS) else _ANSWERED_BY.get(word)


def attempts_of(call: Call, hook: HookSettings) -> list[Item]:
    """What an event adds to an attempt. A leg of another direction or between colleagues may belong to one."""
    if call.internal or not call.outbound:
        return _parts_only(call)
    attempt = item(
        **_shared_fields(call, hook),
        # A transferred call is the attempt of its last agent; the parts tell how long each of them talked.
        agent=call.agent,
        dialed_at=call.began,
        network_result="answered" if call.connected else None,
        answered_by=call.answered_by,
        detector="amd" if call.answered_by and call.event != "voicemail" else None,
    )
    return [attempt, *_provisional(call, network_result="no_answer")]


def inbound_calls_of(call: Call, hook: HookSettings) -> list[Item]:
    """What an event adds to an inbound call. A leg between colleagues may belong to one."""
    if call.internal:
        return _parts_only(call)
    if call.outbound:
        return []
    data = call.data
    inbound_call = item(
        **_shared_fields(call, hook),
        # The call rings several agents; the last one is the agent who answered.
        agent=call.agent if call.connected and call.event != "voicemail" else None,
        arrived_at=call.began,
        offers=_offers(call),
        queue=data.nested("ivr_data").code("ivr_name") or data.nested("ivr").code("name"),
        outcome="voicemail" if call.event == "voicemail" else "answered" if call.connected else None,
    )
    return [inbound_call, *(_provisional(call, outcome=_missed(call)) if call.event == "missed" else ())]


def _offers(call: Call) -> list[Item] | None:
    """The agent at whom the call begins to ring."""
    if call.event != "ringing" or not call.agent or not call.began:
        return None
    return [item(agent=call.agent, from_at=format_time(call.began))]


def _provisional(call: Call, **result: str) -> list[Item]:
    """The result if nobody answers; a leg that nobody answers does not undo the answer of another leg."""
    if call.connected is not False:
        return []
    return [item(external_id=call.id, **result, observed_at=PROVISIONAL_TIME)]


def _missed(call: Call) -> str:
    # No agent was rung and Ringover gives no reason: the caller left while still in the menu.
    in_menu = call.data.flag("is_ivr") and not call.data.code("reason") and not call.agent
    return "abandoned" if in_menu else "missed"


def _parts_only(call: Call) -> list[Item]:
    """Who talked until when, for the call that this leg belongs to; a call that never began counts nowhere."""
    if not call.parts:
        return []
    return [item(external_id=call.id, ended_at=call.ended, participants=call.parts, observed_at=call.known_at)]


def _shared_fields(call: Call, hook: HookSettings) -> Item:
    """Fields of every step of a call."""
    return item(
        external_id=call.id,
        campaign=hook.campaign,
        to_number=call.data.number("to_number", international=True),
        from_number=call.data.number("from_number", international=True),
        answered_at=call.answered_at,
        ended_at=call.ended,
        talk_seconds=call.talk_seconds,
        participants=call.parts,
        recording=recording(call.data, "record"),
        observed_at=call.known_at,
    )
