"""Blocks: a floor is simulated a stretch of time at a time, so that memory stays flat however large it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """The leads that arrive in one stretch, and everything that follows from them.

    index, of: its number among how many; attempts: the exact number of calls to its leads; leads: about how many leads
    that takes; room: the most leads it may have; first_attempt, first_lead: where its numbers begin, which no other
    block uses. from_level, to_level: its stretch of the arrivals; days: the days of the shifts it holds.
    """

    index: int
    of: int
    attempts: int
    leads: float
    room: int
    first_attempt: int
    first_lead: int
    from_level: float
    to_level: float
    days: range
