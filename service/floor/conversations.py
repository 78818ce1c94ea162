"""What is said once a person and an agent are on the line, how long it takes, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from random import Random

from service.floor.cast import Agent
from service.floor.story import Lead
from service.sandbox.scenario.instants import SECOND

_PARTIES = {"right_party": 0.74, "gatekeeper": 0.1, "wrong_party": 0.05, "unknown": 0.11}

# Share of each result for an average lead and agent, how strongly it grows with skill and appeal, and the
# typical seconds of talk it takes.
_RESULTS = {
    "sale": (0.05, 1.0, 430),
    "appointment": (0.09, 1.0, 280),
    "qualified": (0.045, 0.8, 240),
    "interested": (0.11, 0.5, 190),
    "callback_requested": (0.16, 0.0, 65),
    "do_not_call": (0.02, -0.3, 35),
    "not_qualified": (0.075, 0.0, 120),
    "not_interested": (0.48, -0.2, 60),
}
_SECONDS_WITH = {"gatekeeper": 32, "wrong_party": 24, "unknown": 4}
_LONGEST = 55 * 60


@dataclass(frozen=True, slots=True)
class Exchange:
    """One conversation."""

    party: str
    result: str
    talk_ms: int
    hold_ms: int
    dead_ms: int
    wrap_ms: int


def converse(rng: Random, lead: Lead, agent: Agent) -> Exchange:
    """Talk to whoever picked up."""
    party = rng.choices(tuple(_PARTIES), tuple(_PARTIES.values()))[0]
    result = _result(rng, lead.appeal * agent.skill) if party == "right_party" else "none"
    typical = _RESULTS[result][2] if party == "right_party" else _SECONDS_WITH[party]
    return Exchange(
        party=party,
        result=result,
        talk_ms=_long_tailed(rng, typical * agent.pace, 0.55),
        hold_ms=_long_tailed(rng, 40, 0.5) if typical > 100 and rng.random() < 0.12 else 0,
        dead_ms=rng.randint(2 * SECOND, 9 * SECOND) if party == "unknown" and rng.random() < 0.5 else 0,
        wrap_ms=_long_tailed(rng, 12 if party == "unknown" else 34 * agent.pace, 0.6),
    )


def leave_message(rng: Random) -> int:
    """How long it takes to leave a message on a machine, in milliseconds."""
    return _long_tailed(rng, 24, 0.3)


def _result(rng: Random, persuasion: float) -> str:
    weights = [share * persuasion**pull for share, pull, _ in _RESULTS.values()]
    return rng.choices(tuple(_RESULTS), weights)[0]


def _long_tailed(rng: Random, typical_seconds: float, spread: float) -> int:
    """Most take the typical time, some take many times as long."""
    return int(min(rng.lognormvariate(log(typical_seconds), spread), _LONGEST) * SECOND)
