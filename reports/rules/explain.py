"""Why a call counts as it does: the reason for its value on each axis, by the rules of call_outcomes.py.

The rules stand here a second time, for one call and with reasons. A test compares every axis with the rules themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from reports.model.codes import Codes
from reports.model.language import marked, translate


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
        return translate('disposition "{code}"', code=self.attempt["disposition"])

    @property
    def from_disposition(self) -> str:
        """The reason for a value that the disposition gives."""
        return translate("from {disposition}", disposition=self.disposition_name)

    @property
    def agreed(self) -> bool:
        """Whether the party agreed to a sale, an appointment or a qualification."""
        return bool(self.code.get("agreed"))

    def by_code(self, axis: str) -> Reason | None:
        """The value that the disposition gives an axis."""
        value = self.code.get(axis)
        return Reason(value, self.from_disposition, "disposition") if value is not None else None

    def by_dialer(self, axis: str) -> Reason | None:
        """The value that the dialer reported for an axis; unknown is no value."""
        value = self.attempt[axis]
        return Reason(value, translate(_REPORTED), axis) if value not in {None, "unknown"} else None


_REPORTED = marked("reported by the dialer")


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
        return translate(_REPORTED) if sender else translate("source of the tracking number at that moment")
    if lead_source is not None:
        return translate("source of the lead")
    campaigns = codes.campaigns.filter(pl.col("code") == (attempt["campaign"] or ""), pl.col("source").is_not_null())
    return translate("source of the campaign") if campaigns.height else translate("not reported")


def _code(attempt: Mapping[str, Any], codes: Codes) -> Mapping[str, Any]:
    """The meaning of the disposition of an attempt; empty without a disposition."""
    rows = codes.dispositions.filter(pl.col("code") == (attempt["disposition"] or ""))
    return rows.row(0, named=True) if rows.height and attempt["disposition"] is not None else {}


def _party(call: _Call) -> Reason:
    if reported := call.by_code("party"):
        return reported
    if call.agreed:
        why = translate("{disposition}: only the right contact can agree to it", disposition=call.disposition_name)
        return Reason("right_party", why, "disposition")
    return Reason("unknown", translate("not reported"))


def _result(call: _Call) -> Reason:
    if call.attempt["disposition"] is None:
        return Reason("none", translate("no disposition set"))
    unmapped = translate("{disposition} has no meaning yet", disposition=call.disposition_name)
    return call.by_code("result") or Reason("unmapped", unmapped, "disposition")


def _answered_by(call: _Call) -> Reason:
    guess = call.by_dialer("answered_by")
    if _with_right_party(call):
        if guess and guess.value != "human":
            over = translate(
                "the right contact or an agreement means a person; overrides the dialer ({value})", value=guess.value
            )
            return Reason("human", over, "disposition")
        return Reason("human", translate("the right contact or an agreement means a person"), "disposition")
    if by_code := call.by_code("answered_by"):
        return by_code
    if call.code.get("network_result") not in {None, "answered"}:
        return Reason(
            "unknown", translate("{disposition}: not answered", disposition=call.disposition_name), "disposition"
        )
    return guess or Reason("unknown", translate("not reported"))


def _handled(call: _Call) -> Reason:
    named = call.by_code("handled")
    if _with_right_party(call) and (named is None or named.value == "none"):
        if call.attempt["handled"] == "ivr_only":
            return Reason("ivr_only", translate(_REPORTED), "handled")
        return Reason("agent", translate("the right contact was spoken with, so an agent is assumed"))
    if reported := named or call.by_dialer("handled"):
        return reported
    if call.attempt["agent_joined_at"] is not None:
        return Reason("agent", translate("an agent joined the call"), "agent_joined_at")
    if _talked(call.attempt):
        return Reason("agent", translate("a named agent talked"), "talk_ms")
    return Reason("unknown", translate("not reported, and no agent talked"))


def _handled_if_answered(handled: Reason, network_result: Reason) -> Reason:
    if handled.value == "unknown" and network_result.value not in {"answered", "unknown"}:
        return Reason("none", translate("not answered, so not handled"))
    return handled


def _assumed_person(call: _Call, answered_by: Reason, handled: Reason, network_result: Reason) -> Reason | None:
    """The person who is assumed to have answered, where nothing else tells who did."""
    least, talked = call.attempt["person_after_ms"], talk_ms(call.attempt)
    answered = network_result.value == "answered" and answered_by.value == "unknown"
    if least is None or not answered or handled.value not in {"agent", "unknown"} or (talked or 0) < least:
        return None
    if least == 0:
        return Reason("human", translate("setting of the dialer: every answer counts as a person"), "person_after_ms")
    why = translate(
        "setting of the dialer: a talk of {seconds} s or longer counts as a person", seconds=f"{least / 1000:g}"
    )
    return Reason("human", why, "talk_ms" if call.attempt["talk_ms"] is not None else "agent_joined_at")


def _network_result(call: _Call, answered_by: Reason, handled: Reason) -> Reason:
    if answered_by.value == "human":
        return Reason("answered", translate("a person answered"))
    if handled.value == "abandoned_by_us":
        return Reason("answered", translate("we dropped the call, so it had been answered"))
    if reported := call.by_code("network_result") or call.by_dialer("network_result"):
        return _not_cancelled(call.attempt) if reported.value == "cancelled" and _rang(call.attempt) else reported
    return _picked_up(call, answered_by, handled) or Reason("unknown", translate("not reported"))


def _picked_up(call: _Call, answered_by: Reason, handled: Reason) -> Reason | None:
    if call.attempt["answered_at"] is not None:
        return Reason("answered", translate("time of answer reported"), "answered_at")
    if answered_by.value != "unknown":
        return Reason("answered", translate("a person or a machine is known to have answered"))
    if handled.value == "agent" and (talk_ms(call.attempt) or 0) > 0:
        field = "talk_ms" if call.attempt["talk_ms"] is not None else "agent_joined_at"
        return Reason("answered", translate("an agent talked, so it had been answered"), field)
    return None


def _rang(attempt: Mapping[str, Any]) -> bool:
    return attempt["rang_at"] is not None or (attempt["ring_ms"] or 0) > 0


def _not_cancelled(attempt: Mapping[str, Any]) -> Reason:
    field = "rang_at" if attempt["rang_at"] is not None else "ring_ms"
    return Reason("no_answer", translate("ended while ringing, so not answered"), field)


def _next_step(call: _Call) -> Reason:
    promised = call.attempt["callback_at"] is not None
    callback = Reason("callback", translate("callback promised"), "callback_at") if promised else None
    return call.by_code("next_step") or callback or Reason("none", translate("no next step reported"))


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
