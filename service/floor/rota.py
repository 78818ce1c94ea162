"""When each agent works: shifts with a late start now and then, coffee, lunch, and days off."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import date
from random import Random

from service.floor.cast import Team
from service.floor.story import State
from service.sandbox.scenario.instants import MINUTE, at_hour

_PAUSES = ((2.0, 15, "break"), (4.0, 35, "lunch"), (6.2, 15, "break"))
_DAYS_OFF = 0.06


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch of work and what follows it: a pause, or nothing more that day."""

    from_at: int
    until: int
    then: str | None


def stints(rng: Random, team: Team, days: list[date]) -> deque[Stint]:
    """One agent's stretches of work over the days."""
    found = deque[Stint]()
    for day in days:
        if rng.random() >= _DAYS_OFF:
            found.extend(_day(rng, team, day))
    return found


def _day(rng: Random, team: Team, day: date) -> list[Stint]:
    begins = at_hour(day, team.starts, team.zone) + int(rng.gauss(0, 3) * MINUTE)
    ends = at_hour(day, team.ends, team.zone) + int(rng.gauss(0, 4) * MINUTE)
    found, resumes = list[Stint](), begins
    for hours, minutes, why in _PAUSES:
        pause = begins + int((hours * 60 + rng.gauss(0, 6)) * MINUTE)
        found.append(Stint(resumes, pause, why))
        resumes = pause + minutes * MINUTE + rng.randrange(4 * MINUTE)
    return [*found, Stint(resumes, ends, None)]


class Timeline:
    """What an agent does from minute to minute: no gaps, no overlaps."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self.states: list[State] = []

    def enter(self, state: str, at: int, reason: str | None = None) -> None:
        """Leave whatever the agent was doing and do this."""
        if self.states and self.states[-1].from_at == at:
            self.states.pop()
        last = self.states[-1] if self.states else None
        if last and (last.state, last.reason) == (state, reason):
            last.to_at = None
            return
        if last:
            last.to_at = at
        self.states.append(State(self.agent, state, at, reason))

    def until(self, now: int) -> list[State]:
        """The states that began before now; the last one goes on."""
        begun = [state for state in self.states if state.from_at < now]
        if begun and (begun[-1].to_at or 0) > now:
            begun[-1].to_at = None
        return begun
