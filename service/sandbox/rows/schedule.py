"""Who is on duty when, and what agents do from hour to hour."""

import polars as pl

from reports.frames import Schema
from service.sandbox.scenario.fixtures import TEAMS
from service.sandbox.scenario.instants import MINUTE, at_hour
from service.sandbox.scenario.rng import look_up
from service.sandbox.scenario.scenario import Floor, opening

# Of a team, so many stay at home each day, others every day.
_AT_HOME = 0.08
_STRIDE = 7


def _sizes(floor: Floor, team: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """How many a team has, and how many of them are there."""
    sizes = floor.cast.team_sizes()
    return look_up(sizes, team), look_up([size - round(size * _AT_HOME) for size in sizes], team)


def on_duty(floor: Floor, agent: pl.Expr, team: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Whether an agent of a team works on a day."""
    size, there = _sizes(floor, team)
    first = look_up(floor.cast.first_agent(), team)
    return (agent - first - day * _STRIDE) % size < there


def somebody(floor: Floor, team: pl.Expr, day: pl.Expr) -> pl.Expr:
    """An agent of a team who works on a day."""
    size, there = _sizes(floor, team)
    which = (floor.luck.share("agent") * there).floor().cast(pl.Int64)
    return look_up(floor.cast.first_agent(), team) + (which + day * _STRIDE) % size


# What follows what, with typical minutes, and the pauses after some of the rounds.
_ROUND = (("waiting", 8.0), ("dialing", 12.0), ("talking", 18.0), ("wrapping", 6.0))
_ROUNDS = 12
_PAUSES = {3: ("break", 15.0), 6: ("lunch", 35.0), 9: ("break", 15.0)}
_LATEST = 6 * MINUTE
_OPENING: Schema = dict.fromkeys(("team", "day", "opens_at", "closes_at"), pl.Int64)


def states(floor: Floor, days: range) -> pl.DataFrame:
    """What the agents on duty did on these days, by the clock and not by the call: a handful of states an hour.

    Columns as in the ledger, moments in milliseconds; `agent` is a place in the cast.
    """
    steps = _steps().with_row_index("step")
    shifts = _shifts(floor, days)
    shift = ("agent", "day")
    length = floor.luck.around("length", pl.col("minutes"), 0.5)
    return (
        shifts.join(steps, how="cross", maintain_order="left_right")
        .with_columns(key=(pl.col("day") * len(floor.cast.agents) + pl.col("agent")) * steps.height + pl.col("step"))
        .with_columns(length=length)
        .with_columns(
            gone=pl.col("length").cum_sum().over(shift) - pl.col("length"), whole=pl.sum("length").over(shift)
        )
        .with_columns(from_at=_moment(pl.col("gone") / pl.col("whole")))
        .with_columns(to_at=pl.col("from_at").shift(-1).over(shift))
        .filter(pl.col("from_at") < floor.plan.ends_at)
        .with_columns(to_at=pl.when(pl.col("to_at") <= floor.plan.ends_at).then("to_at"))
        .select("key", "agent", "state", "reason", "from_at", "to_at")
    )


def _moment(share: pl.Expr) -> pl.Expr:
    return pl.col("begins_at") + (share * (pl.col("ends_at") - pl.col("begins_at"))).cast(pl.Int64)


def _steps() -> pl.DataFrame:
    """A shift, state by state; it ends with going home, which takes no time of it."""
    rows = list[tuple[str, str | None, float]]()
    for number in range(1, _ROUNDS + 1):
        rows += [(state, None, minutes) for state, minutes in _ROUND]
        rows += [("paused", *_PAUSES[number])] if number in _PAUSES else []
    return pl.DataFrame([*rows, ("offline", None, 0.0)], schema=("state", "reason", "minutes"), orient="row")


def _shifts(floor: Floor, days: range) -> pl.DataFrame:
    """Who was there on which of these days, and from when to when."""
    agents = pl.DataFrame({"team": [TEAMS.index(agent.team) for agent in floor.cast.agents]}).with_row_index("agent")
    late = floor.luck.between("late", 0, _LATEST).cast(pl.Int64)
    return (
        pl.DataFrame(_openings(floor, days), schema=_OPENING, orient="row")
        .join(agents.cast(pl.Int64), on="team", maintain_order="left_right")
        .filter(on_duty(floor, pl.col("agent"), pl.col("team"), pl.col("day")))
        .with_columns(key=pl.col("day") * len(floor.cast.agents) + pl.col("agent"))
        .with_columns(begins_at=pl.col("opens_at") + late, ends_at="closes_at")
    )


def _openings(floor: Floor, days: range) -> list[tuple[int, int, int, int]]:
    """When each team opened and closed on each of these days it worked on."""
    found = list[tuple[int, int, int, int]]()
    for place, team in enumerate(TEAMS):
        for day in days:
            date = floor.plan.dates[day]
            if hours := opening(team, date.weekday()):
                opens, closes = (at_hour(date, hour, team.zone) for hour in hours)
                found.append((place, day, opens, closes))
    return found
