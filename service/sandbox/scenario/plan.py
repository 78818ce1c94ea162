"""Which floor to simulate: how many attempts, over which days, from which seed."""

from dataclasses import dataclass
from datetime import date, datetime

from service.sandbox.scenario.hours import days_from, first_day
from service.sandbox.scenario.instants import instant_of

ZONE = "America/New_York"  # the floor's days begin and end here

SMALL_BELOW = 20_000  # attempts


@dataclass(frozen=True, slots=True)
class Plan:
    """A floor to simulate; two equal plans give the same floor.

    attempts: exactly this many; until: nothing happens after this moment; days: calendar days, the last one included;
    currency: the currency of deals and costs.
    """

    attempts: int
    until: datetime
    days: int = 90
    seed: int = 7
    currency: str = "USD"

    @property
    def is_small(self) -> bool:
        """Whether so few calls are spread over a small team, where a manager still sees something in them."""
        return self.attempts < SMALL_BELOW

    @property
    def ends_at(self) -> int:
        """The instant of `until`."""
        return instant_of(self.until)

    @property
    def dates(self) -> list[date]:
        """The days of the floor, Sundays too."""
        return days_from(first_day(self.ends_at, self.days, ZONE), self.days)
