"""The scenario of a plan: its random numbers, its people and its hours, which every part of the simulation uses."""

from datetime import date

import polars as pl

from service.sandbox.scenario.fixtures import Fixtures, Team
from service.sandbox.scenario.hours import Hours, Slot, days_from, slots
from service.sandbox.scenario.instants import at_hour
from service.sandbox.scenario.large import large_fixtures
from service.sandbox.scenario.plan import ZONE, Plan
from service.sandbox.scenario.rng import Rng
from service.sandbox.scenario.small import small_fixtures

# What follows from a call may lie beyond the last day: a visit next month.
_DAYS_AHEAD = 45

# How many leads come, and how many calls are made, in each hour of a day beside a usual hour.
_ARRIVALS = (2, 1, 1, 1, 1, 1, 2, 6, 8, 8, 7, 7, 6, 6, 6, 6, 6, 7, 8, 9, 8, 6, 5, 3)
_ARRIVALS_OF_DAY = (1.15, 1.1, 1.05, 1.0, 0.95, 0.6, 0.55)
_CALLS = (0.8, 1.1, 1.2, 1.1, 0.8, 0.9, 1.05, 1.1, 1.15, 0.8)
_CALLS_OF_DAY = (1.1, 1.1, 1.0, 1.0, 0.85)
_CALLS_OF_SATURDAY = 0.5
OPENS, CLOSES = 9, 19
_HOURS, _HOURS_OF_SATURDAY = (OPENS, CLOSES), (10, 14)
_SATURDAY = 5


class Scenario:
    """One floor. The lines of its calling hours are its teams, in their order."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rng = Rng(plan.seed)
        self.fixtures: Fixtures = small_fixtures(plan) if plan.is_small else large_fixtures(plan)
        dates = plan.dates
        self.starts_at = at_hour(dates[0], 0, ZONE)
        self.handover = (self.starts_at + plan.ends_at) // 2
        self.arrivals = Hours(self.starts_at, [slots(dates, ZONE, _arrivals())])
        self.calling = Hours(
            self.starts_at, _calling(self.fixtures.teams, days_from(dates[0], len(dates) + _DAYS_AHEAD))
        )

    def last_arrival(self) -> float:
        """The level of arrivals at the end of the plan."""
        return pl.select(self.arrivals.level(pl.lit(self.plan.ends_at))).item()


def opening(team: Team, weekday: int) -> tuple[int, int] | None:
    """The hours a team works on a day of the week (Monday is 0); None on a day off."""
    if weekday < _SATURDAY:
        return _HOURS
    return _HOURS_OF_SATURDAY if weekday == _SATURDAY and team.saturdays else None


def _arrivals() -> list[list[float]]:
    return [[hour * day for hour in _ARRIVALS] for day in _ARRIVALS_OF_DAY]


def _calling(teams: tuple[Team, ...], dates: list[date]) -> list[list[Slot]]:
    return [slots(dates, team.zone, [_calls(team, weekday) for weekday in range(7)]) for team in teams]


def _calls(team: Team, weekday: int) -> list[float]:
    """How many calls a team makes in each hour of a day of the week."""
    hours = opening(team, weekday)
    if hours is None:
        return []
    opens, closes = hours
    weights = [_CALLS_OF_SATURDAY] * (closes - opens) if weekday == _SATURDAY else _CALLS
    of_day = 1.0 if weekday == _SATURDAY else _CALLS_OF_DAY[weekday]
    return [0.0] * opens + [weight * of_day for weight in weights]
