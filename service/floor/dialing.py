"""One dial: does anybody answer, and who? Depends on the person, the hour over there and how often we tried."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from service.floor.story import Lead
from service.sandbox.scenario.instants import SECOND, hour_there

# How likely people pick up at each hour of their day, beside the average hour: best after work.
_BY_HOUR = (
    0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.4, 0.5, 0.7, 0.8, 0.95, 1.05, 0.9, 0.85, 0.9, 0.95, 1.1, 1.3, 1.4, 1.2, 0.9, 0.6,
    0.4, 0.3,
)  # fmt: skip
_EACH_TRY_LESS = 0.84
_AT_MOST = 0.85
_MACHINE_SHARE = 0.36  # of the calls no person takes

# What the network says before anybody could answer, with its share of all dials.
_OBSTACLES = {
    "busy": 0.035,
    "rejected": 0.02,
    "network_failure": 0.012,
    "cancelled": 0.006,
    "blocked": 0.003,
}
_RING_SECONDS = {
    "answered": (4, 22),
    "no_answer": (24, 32),
    "busy": (1, 3),
    "rejected": (3, 12),
    "invalid_number": (0, 2),
    "network_failure": (0, 6),
    "cancelled": (1, 9),
    "blocked": (0, 0),
}


@dataclass(frozen=True, slots=True)
class Ring:
    """What came of ringing: the network's word, how long it rang, and who answered if anybody did."""

    network_result: str
    ring_ms: int
    answered_by: str | None = None


def ring(rng: Random, lead: Lead, at: int) -> Ring:
    """Ring a lead once."""
    network_result, answered_by = _outcome(rng, lead, at)
    shortest, longest = _RING_SECONDS[network_result]
    return Ring(network_result, rng.randint(shortest * SECOND, longest * SECOND), answered_by)


def chance_of_a_person(lead: Lead, at: int) -> float:
    """How likely this person picks up now, at this try."""
    by_hour = _BY_HOUR[int(hour_there(at, lead.zone))]
    return min(_AT_MOST, lead.pickup * by_hour * _EACH_TRY_LESS**lead.tries)


def _outcome(rng: Random, lead: Lead, at: int) -> tuple[str, str | None]:
    if lead.line == "dead":
        return "invalid_number", None
    obstacle = _obstacle(rng)
    if obstacle:
        return obstacle, None
    if lead.line == "fax":
        return "answered", "fax_or_tone"
    if rng.random() < chance_of_a_person(lead, at):
        return "answered", "human"
    if rng.random() < _MACHINE_SHARE:
        return "answered", "machine"
    return "no_answer", None


def _obstacle(rng: Random) -> str | None:
    luck = rng.random()
    for name, share in _OBSTACLES.items():
        luck -= share
        if luck < 0:
            return name
    return None
