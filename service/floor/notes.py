"""What agents write down about their calls: mostly at once, sometimes hours later, wrong or never."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from service.floor.cast import UNTOLD_CODE
from service.floor.story import Attempt, Disposition
from service.sandbox.scenario.instants import HOUR, MINUTE, SECOND

_OF_RESULT = {
    "sale": "SALE",
    "appointment": "APPT",
    "qualified": "QUAL",
    "interested": "INFO",
    "callback_requested": "CALLBK",
    "do_not_call": "DNC",
    "not_qualified": "NQ",
    "not_interested": "NI",
}
_OF_PARTY = {"gatekeeper": "GATEKP", "wrong_party": "WRONGP", "unknown": "HUNGUP"}
_OF_NETWORK = {
    "no_answer": "NA",
    "busy": "BUSY",
    "invalid_number": "BADNUM",
    "rejected": "REJECT",
    "network_failure": "ERROR",
    "cancelled": "CANCEL",
    "blocked": "BLOCK",
}
# What the dialer notes by itself about calls that no agent saw.
_OF_VOICE = {"machine": "AA", "fax_or_tone": "FAX"}
_OF_LOSS = {"abandoned_by_us": "DROP", "abandoned_by_callee": "HUNGUP"}
_MISTAKEN_FOR = {"SALE": "APPT", "APPT": "CALLBK", "INFO": "NI", "NI": "INFO", "CALLBK": "NI", "QUAL": "INFO"}
_WRITES = {"SALE": "Wants the start before the end of the month.", "INFO": "Send the brochure, then ring again."}

_NEVER, _TOO_DEAR, _MISTAKEN, _LATE = 0.03, 0.05, 0.05, 0.06


def code_of(call: Attempt) -> str:
    """The disposition code that tells what the call came to, in the agent's eyes or else in the dialer's."""
    if call.agent is None or call.network_result != "answered":
        by_dialer = _OF_LOSS.get(call.handled or "") or _OF_VOICE.get(call.answered_by or "")
        return by_dialer or _OF_NETWORK[call.network_result]
    return call.code or _OF_RESULT.get(call.result) or _OF_PARTY[call.party or ""]


def write_down(rng: Random, calls: list[Attempt]) -> Iterator[Disposition]:
    """The dispositions of all calls, corrections included."""
    for call in calls:
        code = code_of(call)
        if call.agent is not None and rng.random() < _NEVER:
            continue
        if code == "NI" and rng.random() < _TOO_DEAR:
            code = UNTOLD_CODE
        yield from _dispose(rng, call, code)


def _dispose(rng: Random, call: Attempt, code: str) -> Iterator[Disposition]:
    set_at = call.ended_at + (call.wrap_ms or 0) * 4 // 5
    if code in _MISTAKEN_FOR and rng.random() < _MISTAKEN:
        yield Disposition(call, _MISTAKEN_FOR[code], set_at, set_at + SECOND)
        set_at += int(rng.lognormvariate(3.5, 0.9) * MINUTE)
    lag = int(rng.lognormvariate(1.0, 0.6) * HOUR) if rng.random() < _LATE else rng.randint(200, 4_000)
    yield Disposition(call, code, set_at, set_at + lag, call.callback_at, _WRITES.get(code))
