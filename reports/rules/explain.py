"""Why a call counts as it does: the reason for its value on each axis, by the rules of call_outcomes.py.

The rules stand here a second time, for one call and with reasons. A test compares every axis with the rules themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from reports.model.codes import Codes


@dataclass(frozen=True)
class Reason:
    """The value of a call on an axis, and why; field: the field of the attempt that decided it, if one did."""

    value: str
    why: str
    field: str = ""


@dataclass(frozen=True)
class _Call:
    """One call: its attempt, and the meaning of its disposition."""

    attempt: Mapping[str, Any]
    code: Mapping[str, Any]

    @property
    def disposition_name(self) -> str:
        """The disposition, as in a sentence."""
        return f"the disposition {self.attempt['disposition']}"

    @property
    def agreed(self) -> bool:
        """Whether the party agreed to a sale, an appointment or a qualification."""
        return bool(self.code.get("agreed"))

    def by_code(self, axis: str) -> Reason | None:
        """The value that the disposition gives an axis."""
        value = self.code.get(axis)
        return Reason(value, f"{self.disposition_name} stands for it") if value is not None else None

    def by_dialer(self, axis: str) -> Reason | None:
        """The value that the dialer reported for an axis; unknown is no value."""
        value = self.attempt[axis]
        return Reason(value, "the dialer said so", axis) if value not in {None, "unknown"} else None


def explain_axes(attempt: Mapping[str, Any], codes: Codes) -> dict[str, Reason]:
    """What an attempt counts as on each axis, and why; attempt: its current row."""
    call = _Call(attempt, _code(attempt, codes))
    party, answered_by, handled = _party(call), _answered_by(call), _handled(call)
    network_result = _network_result(call, answered_by, handled)
    handled = _handled_if_answered(handled, network_result)
    return {
        "network_result": network_result,
        "answered_by": _assumed_person(call, answered_by, handled, network_result) or answered_by,
        "handled": handled,
        "party": party,
        "result": _result(call),
        "next_step": _next_step(call),
    }


def explain_source(attempt: Mapping[str, Any], lead_source: str | None, codes: Codes) -> str:
    """Why a call belongs to its source."""
    if attempt["source"] is not None:
        sender = attempt["attributed_by"] == "sender"
        return "the dialer said so" if sender else "its tracking number belonged to the source at that moment"
    if lead_source is not None:
        return "its lead came from there"
    campaigns = codes.campaigns.filter(pl.col("code") == (attempt["campaign"] or ""), pl.col("source").is_not_null())
    return "its campaign is the source's" if campaigns.height else "nobody said where it came from"


def _code(attempt: Mapping[str, Any], codes: Codes) -> Mapping[str, Any]:
    """The meaning of the disposition of an attempt; empty without a disposition."""
    rows = codes.dispositions.filter(pl.col("code") == (attempt["disposition"] or ""))
    return rows.row(0, named=True) if rows.height and attempt["disposition"] is not None else {}


def _party(call: _Call) -> Reason:
    agreed = Reason("right_party", f"{call.disposition_name} is something only the right party agrees to")
    return call.by_code("party") or (agreed if call.agreed else Reason("unknown", "nobody said whom it was"))


def _result(call: _Call) -> Reason:
    if call.attempt["disposition"] is None:
        return Reason("none", "no disposition was set")
    return call.by_code("result") or Reason("unmapped", f"nobody has said what {call.disposition_name} stands for")


def _answered_by(call: _Call) -> Reason:
    guess = call.by_dialer("answered_by")
    if _with_right_party(call):
        over = f"; the dialer's guess ({guess.value}) gives way" if guess and guess.value != "human" else ""
        return Reason("human", f"whoever was the right party, or agreed to something, is a person{over}")
    if by_code := call.by_code("answered_by"):
        return by_code
    if call.code.get("network_result") not in {None, "answered"}:
        void = f", so the dialer's guess ({guess.value}) is void" if guess else ""
        return Reason("unknown", f"{call.disposition_name} says that nobody answered{void}")
    return guess or Reason("unknown", "nobody said who answered")


def _handled(call: _Call) -> Reason:
    named = call.by_code("handled")
    if _with_right_party(call) and (named is None or named.value == "none"):
        if call.attempt["handled"] == "ivr_only":
            return Reason("ivr_only", "the dialer said so", "handled")
        return Reason("agent", "the right party was spoken with, and nobody says that it was not an agent")
    if reported := named or call.by_dialer("handled"):
        return reported
    if call.attempt["agent_joined_at"] is not None:
        return Reason("agent", "an agent joined the call", "agent_joined_at")
    if _talked(call.attempt):
        return Reason("agent", "a named agent talked", "talk_ms")
    return Reason("unknown", "nothing tells who handled it, and no agent talked")


def _handled_if_answered(handled: Reason, network_result: Reason) -> Reason:
    if handled.value == "unknown" and network_result.value not in {"answered", "unknown"}:
        return Reason("none", "nobody answered, so there was nothing to handle")
    return handled


def _assumed_person(call: _Call, answered_by: Reason, handled: Reason, network_result: Reason) -> Reason | None:
    """The person who is assumed to have answered, where nothing else tells who did."""
    least, talked = call.attempt["person_after_ms"], talk_ms(call.attempt)
    answered = network_result.value == "answered" and answered_by.value == "unknown"
    if least is None or not answered or handled.value not in {"agent", "unknown"} or (talked or 0) < least:
        return None
    if least == 0:
        return Reason("human", "every answer counts as a person by the setting of its sender", "person_after_ms")
    why = f"a talk of {least / 1000:g} s or longer counts as one with a person by the setting of its sender"
    return Reason("human", why, "talk_ms" if call.attempt["talk_ms"] is not None else "agent_joined_at")


def _network_result(call: _Call, answered_by: Reason, handled: Reason) -> Reason:
    if answered_by.value == "human":
        return Reason("answered", "a person answered")
    if handled.value == "abandoned_by_us":
        return Reason("answered", "we dropped the call, so somebody had answered it")
    if reported := call.by_code("network_result") or call.by_dialer("network_result"):
        return _not_cancelled(call.attempt) if reported.value == "cancelled" and _rang(call.attempt) else reported
    return _picked_up(call, answered_by, handled) or Reason("unknown", "nobody said what the network made of it")


def _picked_up(call: _Call, answered_by: Reason, handled: Reason) -> Reason | None:
    if call.attempt["answered_at"] is not None:
        return Reason("answered", "there is a moment at which it was answered", "answered_at")
    if answered_by.value != "unknown":
        return Reason("answered", "something is known to have picked up")
    if handled.value == "agent" and (talk_ms(call.attempt) or 0) > 0:
        field = "talk_ms" if call.attempt["talk_ms"] is not None else "agent_joined_at"
        return Reason("answered", "an agent talked, so somebody had answered it", field)
    return None


def _rang(attempt: Mapping[str, Any]) -> bool:
    return attempt["rang_at"] is not None or (attempt["ring_ms"] or 0) > 0


def _not_cancelled(attempt: Mapping[str, Any]) -> Reason:
    field = "rang_at" if attempt["rang_at"] is not None else "ring_ms"
    return Reason("no_answer", "it was given up while it rang, so nobody answered", field)


def _next_step(call: _Call) -> Reason:
    promised = call.attempt["callback_at"] is not None
    callback = Reason("callback", "a call back was promised", "callback_at") if promised else None
    return call.by_code("next_step") or callback or Reason("none", "nobody said that anything follows")


def _with_right_party(call: _Call) -> bool:
    return _party(call).value == "right_party" or call.agreed


def _talked(attempt: Mapping[str, Any]) -> bool:
    agent = attempt["agent"] or attempt["disposition_agent"]
    return bool(agent and talk_ms(attempt))


def talk_ms(attempt: Mapping[str, Any]) -> int | None:
    """How long they talked: as attempt, else from when the agent joined to the end without the hold."""
    if attempt["talk_ms"] is not None or attempt["ended_at"] is None or attempt["agent_joined_at"] is None:
        return attempt["talk_ms"]
    joined = (attempt["ended_at"] - attempt["agent_joined_at"]).total_seconds() * 1000
    return max(int(joined) - (attempt["hold_ms"] or 0), 0)
