"""Which floor to simulate: how many attempts, over which days, with which luck."""

from dataclasses import dataclass
from datetime import date, datetime

from service.sandbox.scenario.hours import days_from, first_day
from service.sandbox.scenario.instants import instant_of

ZONE = "America/New_York"  # the floor's days begin and end here

_CALLS_OF_AN_AGENT = 390  # a day
_SUNDAY = 6
_FEWEST_AGENTS = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """A floor to be; two equal plans are the same floor.

    attempts: exactly so many; until: nothing happens after this moment; days: so many, of which it is in the last;
    currency: of all its money.
    """

    attempts: int
    until: datetime
    days: int = 90
    seed: int = 7
    currency: str = "USD"

    @property
    def ends_at(self) -> int:
        """The moment of `until`, in milliseconds."""
        return instant_of(self.until)

    @property
    def dates(self) -> list[date]:
        """The days of the floor, Sundays too."""
        return days_from(first_day(self.ends_at, self.days, ZONE), self.days)

    @property
    def agents(self) -> int:
        """How many people it takes to make so many calls."""
        shifts = sum(day.weekday() < _SUNDAY - 1 for day in self.dates)
        return max(_FEWEST_AGENTS, round(self.attempts / shifts / _CALLS_OF_AN_AGENT))
