"""Why a call counts as it does: of each axis, what settled it, by the rules of reports/rules/call_outcomes.py.

The rules are told here a second time, for one call and with reasons; a test holds every axis to the rules themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from reports.model.codes import Codes


@dataclass(frozen=True)
class Reason:
    """What an axis counts as, and why. told: the field of the attempt that says so, where one does."""

    value: str
    why: str
    told: str = ""


@dataclass(frozen=True)
class _Call:
    """What is known of one call: what was told of it, and what its disposition stands for."""

    told: Mapping[str, Any]
    code: Mapping[str, Any]

    @property
    def named(self) -> str:
        """The disposition, as a sentence names it."""
        return f"the disposition {self.told['disposition']}"

    @property
    def agreed(self) -> bool:
        """Whether something was agreed: a sale, an appointment, a qualified lead."""
        return bool(self.code.get("agreed"))

    def by_code(self, axis: str) -> Reason | None:
        """What the disposition says of an axis."""
        value = self.code.get(axis)
        return Reason(value, f"{self.named} stands for it") if value is not None else None

    def by_dialer(self, axis: str) -> Reason | None:
        """What the dialer said of an axis; unknown is silence."""
        value = self.told[axis]
        return Reason(value, "the dialer said so", axis) if value not in {None, "unknown"} else None


def reasons(told: Mapping[str, Any], codes: Codes) -> dict[str, Reason]:
    """What an attempt counts as on each axis, and why; told: the attempt as it is believed."""
    call = _Call(told, _code(told, codes))
    party, answered_by, handled = _party(call), _answered_by(call), _handled(call)
    return {
        "network_result": _network_result(call, answered_by, handled),
        "answered_by": answered_by,
        "handled": handled,
        "party": party,
        "result": _result(call),
        "next_step": _next_step(call),
    }


def source_reason(told: Mapping[str, Any], lead_source: str | None, codes: Codes) -> str:
    """Why a call belongs to its source."""
    if told["source"] is not None:
        sender = told["attributed_by"] == "sender"
        return "the dialer said so" if sender else "its tracking number belonged to the source at that moment"
    if lead_source is not None:
        return "its lead came from there"
    campaigns = codes.campaigns.filter(pl.col("code") == (told["campaign"] or ""), pl.col("source").is_not_null())
    return "its campaign is the source's" if campaigns.height else "nobody said where it came from"


def _code(told: Mapping[str, Any], codes: Codes) -> Mapping[str, Any]:
    """What the disposition of an attempt stands for; of a call without one, nothing."""
    found = codes.dispositions.filter(pl.col("code") == (told["disposition"] or ""))
    return found.row(0, named=True) if found.height and told["disposition"] is not None else {}


def _party(call: _Call) -> Reason:
    agreed = Reason("right_party", f"{call.named} is something only the right party agrees to")
    return call.by_code("party") or (agreed if call.agreed else Reason("unknown", "nobody said whom it was"))


def _result(call: _Call) -> Reason:
    if call.told["disposition"] is None:
        return Reason("none", "no disposition was set")
    return call.by_code("result") or Reason("unmapped", f"nobody has said what {call.named} stands for")


def _answered_by(call: _Call) -> Reason:
    guess = call.by_dialer("answered_by")
    if _with_right_party(call):
        over = f"; the dialer's guess ({guess.value}) gives way" if guess and guess.value != "human" else ""
        return Reason("human", f"whoever was the right party, or agreed to something, is a person{over}")
    if by_code := call.by_code("answered_by"):
        return by_code
    if call.code.get("network_result") not in {None, "answered"}:
        void = f", so the dialer's guess ({guess.value}) is void" if guess else ""
        return Reason("unknown", f"{call.named} says that nobody answered{void}")
    return guess or Reason("unknown", "nobody said who answered")


def _handled(call: _Call) -> Reason:
    named = call.by_code("handled")
    if _with_right_party(call) and (named is None or named.value == "none"):
        if call.told["handled"] == "ivr_only":
            return Reason("ivr_only", "the dialer said so", "handled")
        return Reason("agent", "the right party was spoken with, and nobody says that it was not an agent")
    if said := named or call.by_dialer("handled"):
        return said
    if call.told["agent_joined_at"] is not None:
        return Reason("agent", "an agent joined the call", "agent_joined_at")
    if _talked(call.told):
        return Reason("agent", "a named agent talked", "talk_ms")
    return Reason("none", "nobody said that anyone handled it, and no agent talked")


def _network_result(call: _Call, answered_by: Reason, handled: Reason) -> Reason:
    if answered_by.value == "human":
        return Reason("answered", "a person answered")
    if handled.value == "abandoned_by_us":
        return Reason("answered", "we dropped the call, so somebody had answered it")
    if said := call.by_code("network_result") or call.by_dialer("network_result"):
        return said
    if call.told["answered_at"] is not None:
        return Reason("answered", "there is a moment at which it was answered", "answered_at")
    if answered_by.value != "unknown":
        return Reason("answered", "something is known to have picked up")
    return Reason("unknown", "nobody said what the network made of it")


def _next_step(call: _Call) -> Reason:
    promised = call.told["callback_at"] is not None
    kept = Reason("callback", "a call back was promised", "callback_at") if promised else None
    return call.by_code("next_step") or kept or Reason("none", "nobody said that anything follows")


def _with_right_party(call: _Call) -> bool:
    return _party(call).value == "right_party" or call.agreed


def _talked(told: Mapping[str, Any]) -> bool:
    agent = told["agent"] or told["disposition_agent"]
    return bool(agent and talk_ms(told))


def talk_ms(told: Mapping[str, Any]) -> int | None:
    """How long they talked: as told, else from when the agent joined to the end without the hold."""
    if told["talk_ms"] is not None or told["ended_at"] is None or told["agent_joined_at"] is None:
        return told["talk_ms"]
    joined = (told["ended_at"] - told["agent_joined_at"]).total_seconds() * 1000
    return max(int(joined) - (told["hold_ms"] or 0), 0)
