"""The schedule of the agents: who is on duty when, and what they do from hour to hour."""

import polars as pl

from reports.model.types import Schema
from service.sandbox.scenario.instants import MINUTE, at_hour
from service.sandbox.scenario.rng import look_up
from service.sandbox.scenario.scenario import Scenario, opening

# The share of a team that has each day off, in turns.
_OFF_DUTY = 0.08
_STRIDE = 7


def _sizes(scenario: Scenario, team: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """How many agents a team has, and how many of them are on duty."""
    sizes = scenario.fixtures.team_sizes()
    return look_up(sizes, team), look_up([size - round(size * _OFF_DUTY) for size in sizes], team)


def on_duty(scenario: Scenario, agent: pl.Expr, team: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Whether an agent of a team works on a day."""
    size, there = _sizes(scenario, team)
    first = look_up(scenario.fixtures.first_agent(), team)
    return (agent - first - day * _STRIDE) % size < there


def any_agent(scenario: Scenario, team: pl.Expr, day: pl.Expr) -> pl.Expr:
    """One of the agents of a team who work on a day, each as likely."""
    size, there = _sizes(scenario, team)
    which = (scenario.rng.fraction("agent") * there).floor().cast(pl.Int64)
    return look_up(scenario.fixtures.first_agent(), team) + (which + day * _STRIDE) % size


# The states of a round with their typical minutes, and the pauses after some of the rounds.
_ROUND = (("waiting", 8.0), ("dialing", 12.0), ("talking", 18.0), ("wrapping", 6.0))
_ROUNDS = 12
_PAUSES = {3: ("break", 15.0), 6: ("lunch", 35.0), 9: ("break", 15.0)}
_LATEST = 6 * MINUTE
_OPENING: Schema = dict.fromkeys(("team", "day", "opens_at", "closes_at"), pl.Int64)


def states(scenario: Scenario, days: range) -> pl.DataFrame:
    """The states of the agents on duty on these days, by the clock and not by the call: a handful an hour.

    Columns as in the ledger, moments in milliseconds; `agent` is an index of the fixtures.
    """
    steps = _steps().with_row_index("step")
    of_agents = shifts(scenario, days)
    shift = ("agent", "day")
    length = scenario.rng.around("length", pl.col("minutes"), 0.5)
    return (
        of_agents.join(steps, how="cross", maintain_order="left_right")
        .with_columns(
            key=(pl.col("day") * len(scenario.fixtures.agents) + pl.col("agent")) * steps.height + pl.col("step")
        )
        .with_columns(length=length)
        .with_columns(
            passed=pl.col("length").cum_sum().over(shift) - pl.col("length"), whole=pl.sum("length").over(shift)
        )
        .with_columns(from_at=_moment(pl.col("passed") / pl.col("whole")))
        .with_columns(to_at=pl.col("from_at").shift(-1).over(shift))
        .filter(pl.col("from_at") < scenario.plan.ends_at)
        .with_columns(to_at=pl.when(pl.col("to_at") <= scenario.plan.ends_at).then("to_at"))
        .select("key", "agent", "state", "reason", "from_at", "to_at")
    )


def _moment(share: pl.Expr) -> pl.Expr:
    return pl.col("begins_at") + (share * (pl.col("ends_at") - pl.col("begins_at"))).cast(pl.Int64)


def _steps() -> pl.DataFrame:
    """A shift, state by state; it ends offline, which takes no time of the shift."""
    rows = list[tuple[str, str | None, float]]()
    for number in range(1, _ROUNDS + 1):
        rows += [(state, None, minutes) for state, minutes in _ROUND]
        rows += [("paused", *_PAUSES[number])] if number in _PAUSES else []
    return pl.DataFrame([*rows, ("offline", None, 0.0)], schema=("state", "reason", "minutes"), orient="row")


def shifts(scenario: Scenario, days: range) -> pl.DataFrame:
    """The agents on duty on each of these days, with the beginning and the end of their shift."""
    agents = pl.DataFrame(
        {"team": [scenario.fixtures.teams.index(agent.team) for agent in scenario.fixtures.agents]}
    ).with_row_index("agent")
    late = scenario.rng.between("late", 0, _LATEST).cast(pl.Int64)
    return (
        pl.DataFrame(_openings(scenario, days), schema=_OPENING, orient="row")
        .join(agents.cast(pl.Int64), on="team", maintain_order="left_right")
        .filter(on_duty(scenario, pl.col("agent"), pl.col("team"), pl.col("day")))
        .with_columns(key=pl.col("day") * len(scenario.fixtures.agents) + pl.col("agent"))
        .with_columns(begins_at=pl.col("opens_at") + late, ends_at="closes_at")
    )


def _openings(scenario: Scenario, days: range) -> list[tuple[int, int, int, int]]:
    """When each team opened and closed on each of its working days among these."""
    hours_of_days = list[tuple[int, int, int, int]]()
    for index, team in enumerate(scenario.fixtures.teams):
        for day in days:
            date = scenario.plan.dates[day]
            if hours := opening(team, date.weekday()):
                opens, closes = (at_hour(date, hour, team.zone) for hour in hours)
                hours_of_days.append((index, day, opens, closes))
    return hours_of_days
