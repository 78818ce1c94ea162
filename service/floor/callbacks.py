"""What becomes of a lead after a call: called again and when, promised something, or closed."""

from __future__ import annotations

from random import Random

from service.floor.story import Attempt, FollowUp
from service.floor.worklist import CALLBACK, RETRY, next_opening
from service.sandbox.scenario.instants import DAY, HOUR, MINUTE, SECOND

MOST_TRIES = 7

_CLOSES = {
    "sale": "sold",
    "do_not_call": "asked never to be called",
    "not_interested": "not interested",
    "not_qualified": "not qualified",
}
_RETRY_HOURS = {"busy": 0.4, "no_answer": 4.0, "answered": 5.0, "rejected": 20.0, "blocked": 48.0}
_FORGOTTEN = 0.22


def close(call: Attempt) -> None:
    """Close the lead when there is nothing left to call about."""
    reason = _reason_to_close(call)
    if reason:
        call.lead.closed_at = call.ended_at + 20 * SECOND
        call.lead.close_reason = reason


def _reason_to_close(call: Attempt) -> str | None:
    if call.network_result == "invalid_number":
        return "number does not exist"
    if call.party == "wrong_party":
        return "wrong number"
    if call.result == "none" and call.lead.tries >= MOST_TRIES:
        return "nobody reached"
    return _CLOSES.get(call.result)


def promise(rng: Random, call: Attempt) -> FollowUp | None:
    """What the agent promised in this call: to call back at an hour, or to send something and ask again."""
    if call.result == "callback_requested":
        wanted = call.ended_at + 40 * MINUTE + int(rng.expovariate(1 / 9) * HOUR)
        call.callback_at = next_opening(call.lead.zone, wanted) // MINUTE * MINUTE
        return _follow_up(call, "call", call.callback_at)
    if call.result in {"qualified", "interested"}:
        return _follow_up(call, "call", next_opening(call.lead.zone, call.ended_at + rng.randint(20, 52) * HOUR))
    return None


def _follow_up(call: Attempt, channel: str, due_at: int) -> FollowUp:
    return FollowUp(f"{call.external_id}-{channel}", call.lead, call.agent, channel, call.ended_at, due_at)


def next_turn(rng: Random, call: Attempt, promised: FollowUp | None) -> tuple[int, int] | None:
    """When the lead is due again and how urgently, or None when it is not."""
    if call.lead.closed_at is not None or call.result == "appointment":
        return None
    if promised is not None and promised.due_at is not None:
        late = int(rng.lognormvariate(1.2, 1.0) * HOUR) if rng.random() < _FORGOTTEN else 0
        return promised.due_at + late, CALLBACK
    if call.handled == "abandoned_by_us":
        return call.ended_at + DAY, RETRY
    hours = _RETRY_HOURS.get(call.network_result, 2.0)
    return call.ended_at + int(rng.lognormvariate(0, 0.5) * hours * HOUR), RETRY


def further_follow_ups(rng: Random, call: Attempt) -> list[FollowUp]:
    """What is sent after a call: an e-mail somebody has to write, or a text message that writes itself."""
    if call.result in {"interested", "qualified"} and rng.random() < 0.7:
        mail = _follow_up(call, "email", call.ended_at + 4 * HOUR)
        mail.done_at = call.ended_at + int(rng.lognormvariate(0.6, 1.2) * HOUR) if rng.random() < 0.8 else None
        return [mail]
    if call.result == "appointment":
        text = FollowUp(f"{call.external_id}-sms", call.lead, None, "sms", call.ended_at, None, automated=True)
        text.done_at = call.ended_at + 70 * SECOND
        return [text]
    return []
