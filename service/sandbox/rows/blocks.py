"""Blocks: a floor is simulated a stretch of time at a time, so that memory stays flat however large it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """The leads that arrive in one stretch, and everything that comes of them.

    index, of: which block of how many; attempts: exactly so many calls are made to its leads; leads: about so many that
    takes; room: so many it may have at most; first_attempt, first_lead: their numbers, which no other block has.
    from_level, to_level: of the floor's arrivals; days: the days whose shifts it tells of.
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
