"""The floor that the demo plays: some working days up to now, with about 1,500 calls a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.sandbox.scenario.instants import instant_of, local
from service.sandbox.scenario.plan import SMALL_BELOW, ZONE, Plan
from service.sandbox.scenario.scenario import CLOSES, OPENS

_CALLS_AN_HOUR = 150
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DemoFloor:
    """The floor of one demo. days: working days, the last of them the current one or the one before."""

    seed: int
    until: datetime
    days: int

    @property
    def plan(self) -> Plan:
        """The plan of the floor: always a small one, however many days it is spread over."""
        now = local(instant_of(self.until) - 1, ZONE)
        today = now.date()
        # A day without calls shows nothing: today counts from an hour after the floor opens.
        days = _working_days(today if now.hour > OPENS else today - timedelta(days=1), self.days)
        hours_today = min(now.hour + now.minute / 60, CLOSES) - OPENS if days[0] == today else CLOSES - OPENS
        hours = hours_today + (self.days - 1) * (CLOSES - OPENS)
        attempts = min(round(_CALLS_AN_HOUR * hours), SMALL_BELOW - 1)
        return Plan(attempts, self.until, (today - days[-1]).days + 1, self.seed)


def _working_days(last: date, count: int) -> list[date]:
    """The last days from Monday to Friday up to a day, the latest first."""
    weeks = count // 5 + 2
    days = [last - timedelta(days=back) for back in range(7 * weeks)]
    return [day for day in days if day.weekday() < _SATURDAY][:count]
