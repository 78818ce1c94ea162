"""Who is called next: callbacks when they are due, then the newest lead, then those nobody reached yet."""

from __future__ import annotations

from datetime import timedelta
from heapq import heappop, heappush

from service.floor.story import Lead
from service.sandbox.scenario.instants import at_hour, hour_there, local

CALLBACK, FRESH, RETRY = 0, 1, 2

_OPENS, _CLOSES = 9.0, 20.0


def next_opening(zone: str, at: int) -> int:
    """The first moment from `at` on when people of a zone may be called: a working day, nine to eight over there."""
    hour = hour_there(at, zone)
    day = local(at, zone).date()
    if hour >= _CLOSES:
        day += timedelta(days=1)
    if day.weekday() < 5 and _OPENS <= hour < _CLOSES:
        return at
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return at_hour(day, _OPENS, zone)


class Worklist:
    """The leads of one team, waiting for their turn."""

    def __init__(self) -> None:
        self._later: list[tuple[int, int, int, Lead]] = []
        self._ready: list[tuple[int, int, int, Lead]] = []
        self._turn = 0

    def put(self, lead: Lead, due: int, rank: int) -> None:
        """Let a lead wait until it is due."""
        self._turn += 1  # equal ones take turns, so that leads themselves are never compared
        heappush(self._later, (due, self._turn, rank, lead))

    def take(self, now: int) -> Lead | None:
        """The lead to call now, or None when all wait for a later hour."""
        self._wake(now)
        while self._ready:
            rank, _, _, lead = heappop(self._ready)
            opens = next_opening(lead.zone, now)
            if opens == now:
                return lead
            self.put(lead, opens, rank)
        return None

    def _wake(self, now: int) -> None:
        while self._later and self._later[0][0] <= now:
            due, turn, rank, lead = heappop(self._later)
            heappush(self._ready, (rank, -lead.received_at if rank == FRESH else due, turn, lead))
